package proof

import (
	"fmt"
	"slices"
	"strings"
)

// An op is what happens. Its letter is how scripts are written.
type op byte

const (
	becomeReady     op = 'r' // a member closes its ready channel
	exit            op = 'x' // a member exits, with a result
	signal          op = 's' // the group is sent a signal
	hangUp          op = 'h' // the group's signals channel is closed
	run             op = 'u' // the group is run, or run again
	insert          op = 'i' // a member of some name is inserted
	insertNil       op = 'n' // so is one without a Runner
	closeGroup      op = 'c' // Close is called
	closeInserter   op = 'C' // the Inserter channel is closed
	listen          op = 'l' // both kinds of listener are attached
	listenEntrances op = 'e'
	listenExits     op = 'f'
	poke            op = 'p' // a client signals a member, which Get finds or not
	get             op = 'g' // a client looks for a member

	// Besides events, histories of concurrent ones have these.
	accepted op = 'a' // an insert's send has completed
	withdraw op = 'w' // an insert is given up
	rest     op = '.' // nothing happens any more
)

// An event is one thing that happens to a group.
type event struct {
	op  op
	at  int  // the number of the member or listener, which what adds one gets when it happens
	arg byte // the result, signal or name: exit, signal, insert, poke, get
}

func (e event) String() string {
	text := string(e.op)
	if e.op == becomeReady || e.op == exit {
		text += fmt.Sprint(e.at)
	}
	if e.arg != 0 {
		text += string(e.arg)
	}
	return text
}

// A burst is what happens at once: what each of some goroutines does, one
// event after the other. The next burst comes when the group is at rest.
type burst [][]event

// A script is a group, and what happens to it.
type script struct {
	kind        byte // 'p', 'o', 'q', or 'd'
	termination byte // 0 for nil
	size        int  // of a static group
	nobody      int  // the member of a static group that has no Runner, or -1
	capacity    int  // of a dynamic group
	buffer      int  // of a dynamic group's listeners, or a static one's signals
	bursts      []burst
}

// String writes a script so that parse reads it.
func (s script) String() string {
	var bursts []string
	for _, burst := range s.bursts {
		var actors []string
		for _, events := range burst {
			actors = append(actors, strings.Trim(fmt.Sprint(events), "[]"))
		}
		bursts = append(bursts, strings.Join(actors, " | "))
	}
	termination := "-"
	if s.termination != 0 {
		termination = string(s.termination)
	}
	return fmt.Sprintf("%c termination=%s size=%d nobody=%d capacity=%d buffer=%d: %s",
		s.kind, termination, s.size, s.nobody, s.capacity, s.buffer, strings.Join(bursts, "; "))
}

func parse(text string) (s script, err error) {
	head, body, _ := strings.Cut(text, ":")
	_, err = fmt.Sscanf(head, "%c termination=%c size=%d nobody=%d capacity=%d buffer=%d",
		&s.kind, &s.termination, &s.size, &s.nobody, &s.capacity, &s.buffer)
	if err != nil {
		return s, fmt.Errorf("%q: %w", head, err)
	}
	if s.termination == noSignal {
		s.termination = 0
	}
	for text := range strings.SplitSeq(body, ";") {
		var b burst
		for text := range strings.SplitSeq(text, "|") {
			var events []event
			for word := range strings.FieldsSeq(text) {
				events = append(events, parseEvent(word))
			}
			b = append(b, events)
		}
		s.bursts = append(s.bursts, b)
	}
	return s, nil
}

func parseEvent(word string) event {
	e := event{op: op(word[0])}
	args := word[1:]
	if e.op == becomeReady || e.op == exit {
		e.at = int(args[0] - '0')
		args = args[1:]
	}
	if args != "" {
		e.arg = args[0]
	}
	return e
}

func (s script) model() model {
	if s.kind == 'd' {
		return dynamic{termination: s.termination, capacity: s.capacity, buffer: s.buffer}
	}
	m := static{kind: s.kind, size: s.size, termination: s.termination}
	if s.nobody >= 0 {
		m.members[s.nobody].nobody = true
	}
	return settle(m)
}

// without gives the script without one event.
func (s script) without(b, actor, e int) script {
	var bursts []burst
	for i, events := range s.bursts {
		if i == b {
			events = slices.Clone(events)
			events[actor] = slices.Delete(slices.Clone(events[actor]), e, e+1)
			events = slices.DeleteFunc(events, func(actor []event) bool { return len(actor) == 0 })
		}
		if len(events) > 0 {
			bursts = append(bursts, events)
		}
	}
	s.bursts = bursts
	return s
}

// sequential tells whether only one event happens at a time.
func (s script) sequential() bool {
	return !slices.ContainsFunc(s.bursts, func(b burst) bool { return len(b) != 1 || len(b[0]) != 1 })
}

func alone(e event) burst { return burst{{e}} }

// A scope says which events there may be.
type scope struct {
	ops     string // letters
	results string // of exits
	signals string // to the group
	members int    // that may be inserted
	ears    int    // listeners of each kind
}

func (s scope) pick(events ...event) []event {
	var picked []event
	for _, e := range events {
		if strings.ContainsRune(s.ops, rune(e.op)) {
			picked = append(picked, e)
		}
	}
	return picked
}

func (s scope) toGroup() []event {
	var events []event
	for _, letter := range []byte(s.signals) {
		events = append(events, s.pick(event{op: signal, arg: letter})...)
	}
	return events
}

// ofMembers gives what running members can do.
func (s scope) ofMembers(members [most]member) []event {
	var events []event
	for i, m := range members {
		if m.phase != running || m.nobody {
			continue
		}
		if !m.ready {
			events = append(events, s.pick(event{op: becomeReady, at: i})...)
		}
		for _, result := range []byte(s.results) {
			events = append(events, s.pick(event{op: exit, at: i, arg: result})...)
		}
		if m.name != 0 {
			events = append(events, s.pick(event{op: poke, arg: m.name})...)
		}
	}
	return events
}

// inserts gives an insert of each name that was used, and of the next one:
// which fresh name that is makes no difference, as nothing orders names.
func (s scope) inserts(members [most]member) []event {
	names, next := byte('a'), 0
	for _, m := range members {
		if m.phase != absent {
			next++
		}
		if m.phase != absent && !m.nobody {
			names = max(names, m.name+1)
		}
	}
	var events []event
	for name := byte('a'); name <= names; name++ {
		events = append(events, s.pick(event{op: insert, at: next, arg: name})...)
	}
	return append(events, s.pick(event{op: insertNil, at: next})...)
}

// sequential makes a script of events that come one at a time, each of those
// that the model says are possible, for as long as it is told to go on.
func sequential(head script, scope scope, choose func(n int) int, more func() bool) script {
	m := head.model()
	for _, burst := range head.bursts {
		m = settle(m.apply(burst[0][0]))
	}
	for more() {
		possible := m.events(scope)
		if len(possible) == 0 {
			break
		}
		e := possible[choose(len(possible))]
		head.bursts = append(head.bursts, alone(e))
		m = settle(m.apply(e))
	}
	return head
}
