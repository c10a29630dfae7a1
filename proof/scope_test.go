package proof

import "strings"

// A scope limits the events of a script.
type scope struct {
	ops       string // letters
	results   string // of exits
	signals   string // to the group
	members   int    // that are inserted
	listeners int    // of each kind
}

// pick returns those of the events whose op is in the scope.
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

// ofMembers returns what running members can do.
func (s scope) ofMembers(members [maxMembers]member) []event {
	var events []event
	for i, m := range members {
		if m.phase != running || m.noRunner {
			continue
		}
		if !m.ready {
			events = append(events, s.pick(event{op: becomeReady, at: i})...)
		}
		for _, result := range []byte(s.results) {
			events = append(events, s.pick(event{op: exit, at: i, arg: result})...)
		}
		if m.name != 0 {
			events = append(events, s.pick(event{op: clientSignal, arg: m.name})...)
		}
	}
	return events
}

// inserts returns an insert for each name that was used, and for one new name:
// which one makes no difference, as nothing orders names.
func (s scope) inserts(members [maxMembers]member) []event {
	names, next := byte('a'), 0
	for _, m := range members {
		if m.phase != absent {
			next++
		}
		if m.phase != absent && !m.noRunner {
			names = max(names, m.name+1)
		}
	}
	var events []event
	for name := byte('a'); name <= names; name++ {
		events = append(events, s.pick(event{op: insert, at: next, arg: name})...)
	}
	return append(events, s.pick(event{op: insertNil, at: next})...)
}

// sequential makes a script of single events, each chosen from the ones that
// the model says are possible, as long as more holds.
func sequential(head script, scope scope, choose func(n int) int, more func() bool) script {
	m := settle(head.model())
	for _, burst := range head.bursts {
		m = settle(m.rest().apply(burst[0][0]))
	}
	for more() {
		possible := m.events(scope)
		if len(possible) == 0 {
			break
		}
		e := possible[choose(len(possible))]
		head.bursts = append(head.bursts, single(e))
		m = settle(m.rest().apply(e))
	}
	return head
}
