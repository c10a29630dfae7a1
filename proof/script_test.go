package proof

import (
	"fmt"
	"slices"
	"strings"
)

// An op is what happens. Scripts are written with its letter.
type op byte

const (
	becomeReady     op = 'r' // a member closes its ready channel
	exit            op = 'x' // a member's Run returns a result
	signal          op = 's' // the group gets a signal
	closeSignals    op = 'h' // the group's signals channel is closed
	run             op = 'u' // the group is run, or run again
	insert          op = 'i' // a member with some name is inserted
	insertNil       op = 'n' // so is one without a Runner
	closeGroup      op = 'c' // Close is called
	closeInserter   op = 'C' // the Inserter channel is closed
	listen          op = 'l' // both kinds of listener are attached
	listenEntrances op = 'e'
	listenExits     op = 'f'
	clientSignal    op = 'p' // a client signals the member with a name, if Get finds it
	get             op = 'g' // a client looks up a name

	// These are in the histories of concurrent events only.
	accepted op = 'a' // an insert's send has completed
	withdraw op = 'w' // an insert is canceled
	settled  op = '.' // nothing happens any more
)

// An event is one thing that happens to a group.
type event struct {
	op  op
	at  int  // the number of the member or listener; an event that adds one gets it when it happens
	arg byte // the result, signal or name: exit, signal, insert, clientSignal, get
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

// A burst is what happens concurrently: for each goroutine, its events in their
// order. The next burst comes when everything has settled.
type burst [][]event

// A script is a group, and what happens to it.
type script struct {
	kind        byte // 'p', 'o', 'q', or 'd'
	termination byte // 0 for nil
	size        int  // of a static group
	noRunner    int  // the member of a static group that has no Runner, or -1
	capacity    int  // of a dynamic group
	buffer      int  // of a dynamic group's listeners, or a static one's signals
	wraps       byte // how each member is wrapped, or 0
	bursts      []burst
}

// String writes a script so that parse reads it.
func (s script) String() string {
	var bursts []string
	for _, burst := range s.bursts {
		var goroutines []string
		for _, events := range burst {
			goroutines = append(goroutines, strings.Trim(fmt.Sprint(events), "[]"))
		}
		bursts = append(bursts, strings.Join(goroutines, " | "))
	}
	orNone := func(letter byte) byte { return max(letter, noSignal) }
	return fmt.Sprintf("%c termination=%c size=%d nil=%d capacity=%d buffer=%d wraps=%c: %s", s.kind,
		orNone(s.termination), s.size, s.noRunner, s.capacity, s.buffer, orNone(s.wraps), strings.Join(bursts, "; "))
}

func parse(text string) (s script, err error) {
	head, body, _ := strings.Cut(text, ":")
	_, err = fmt.Sscanf(head, "%c termination=%c size=%d nil=%d capacity=%d buffer=%d wraps=%c",
		&s.kind, &s.termination, &s.size, &s.noRunner, &s.capacity, &s.buffer, &s.wraps)
	if err != nil {
		return s, fmt.Errorf("%q: %w", head, err)
	}
	if s.termination == noSignal {
		s.termination = 0
	}
	if s.wraps == noSignal {
		s.wraps = 0
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

func (s script) isDynamic() bool { return s.kind == 'd' }

// model returns the model of the group before it has settled.
func (s script) model() model {
	if s.isDynamic() {
		d := dynamic{termination: s.termination, capacity: s.capacity, buffer: s.buffer}
		d.wraps, d.trail.concurrent = s.wraps, !s.sequential()
		return d
	}
	m := static{kind: s.kind, size: s.size, termination: s.termination}
	if s.noRunner >= 0 {
		m.all[s.noRunner].noRunner = true
	}
	m.wraps, m.trail.concurrent = s.wraps, !s.sequential()
	return m.begin()
}

// without returns the script without one event.
func (s script) without(b, goroutine, e int) script {
	var bursts []burst
	for i, events := range s.bursts {
		if i == b {
			events = slices.Clone(events)
			events[goroutine] = slices.Delete(slices.Clone(events[goroutine]), e, e+1)
			events = slices.DeleteFunc(events, func(left []event) bool { return len(left) == 0 })
		}
		if len(events) > 0 {
			bursts = append(bursts, events)
		}
	}
	s.bursts = bursts
	return s
}

// sequential reports whether only one event happens at a time.
func (s script) sequential() bool {
	return !slices.ContainsFunc(s.bursts, func(b burst) bool { return len(b) != 1 || len(b[0]) != 1 })
}

func single(e event) burst { return burst{{e}} }
