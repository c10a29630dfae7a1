package proof

import "strings"

// A view is what users see of a group.
type view struct {
	ready, exited bool
	result        string             // what Run has returned
	started       [maxMembers]bool   // M: whose Run was called
	returned      [maxMembers]bool   // whose Run has returned, or is about to
	signals       [maxMembers]string // that each member got
	state         byte               // I1
	states        [maxMembers]byte   // I2
	waitingFor    string             // I3, I7
	allReady      bool               // I7
	inside        [maxMembers]string // W4
	observed      string             // V1: since everything last settled
	// Of dynamic groups:
	closed           bool
	accepted         [maxMembers]bool
	got              [maxMembers]bool // D4: whether Get finds a member with the name
	entrances, exits [maxListeners]string
	refusals         int // D10: how many times Run was refused
}

// unobserved stands for the records of a group that nobody observes.
const unobserved = "-"

// allows reports whether the model's view agrees with what was seen. M2: a
// member that exits may not have read its last signals. Since the original has
// no Inspect, its states were not seen.
func (v view) allows(seen view) bool {
	if seen.state == 0 {
		seen.state, seen.states, seen.waitingFor, seen.allReady, seen.inside = v.state, v.states, v.waitingFor, v.allReady, v.inside
	}
	if seen.observed == unobserved {
		seen.observed = v.observed
	}
	for i, returned := range v.returned {
		if returned && strings.HasPrefix(v.signals[i], seen.signals[i]) {
			seen.signals[i] = v.signals[i]
		}
	}
	return v == seen
}

// waiting returns the members that hold up the group (I3).
func (v view) waiting() (numbers string) {
	for i, state := range v.states {
		if state == v.state && (state == 's' || state == 't') || v.state == 'r' && v.closed && state != 0 {
			numbers += string(rune('0' + i))
		}
	}
	return numbers
}

func (s static) view() view {
	v := view{ready: s.ready, exited: s.done(), observed: s.trail.records}
	for i, m := range s.all {
		v.started[i] = m.phase != absent && !m.noRunner
		v.returned[i] = m.returned()
		if i < s.size {
			v.states[i], v.inside[i] = m.state(), s.viewInside(i)
		}
		v.signals[i] = m.seen()
	}
	v.state = s.state()
	v.waitingFor = v.waiting()
	if v.state == 'r' { // I7
		v.waitingFor = s.notReady()
		v.allReady = v.waitingFor == ""
	}
	if v.exited {
		v.result = "nil" // S1
		if s.failedMember() {
			v.result = s.trace
		}
	}
	return v
}

// failedMember reports whether a member has exited with an error.
func (s static) failedMember() bool { return strings.ContainsAny(s.trace, errs) }

// notReady returns the members that are not ready (I7).
func (s static) notReady() (numbers string) {
	for i := range s.size {
		if !s.isReady(i) {
			numbers += string(rune('0' + i))
		}
	}
	return numbers
}

// state is what Inspect shows of the group (I1).
func (s static) state() byte {
	switch {
	case s.done():
		return 'e'
	case s.signal != 0:
		return 't'
	case s.failed && !s.ready:
		return 'f'
	case s.ready:
		return 'r'
	}
	return 's'
}

func (d dynamic) view() view {
	v := view{ready: d.ran, exited: d.done(), closed: d.closed, refusals: d.refusals, observed: d.trail.records}
	if v.exited {
		v.result = "nil" // D9
	}
	entered := true
	for i, m := range d.all {
		v.accepted[i] = m.phase != absent && m.phase != waiting && m.phase != withdrawn
		v.started[i] = (m.phase == running || m.phase == exited) && !m.noRunner
		v.got[i] = m.phase != absent && d.find(m.name) >= 0
		v.returned[i] = m.returned()
		if m.phase == running {
			v.states[i], v.inside[i] = m.state(), d.viewInside(i)
		}
		v.signals[i] = m.seen()
		entered = entered && (m.phase != running || m.entered)
	}
	v.state = d.state()
	v.waitingFor = v.waiting()
	v.allReady = v.state == 'r'                             // I7: its members are not asked
	v.entrances = d.entrances.received(d.closed && entered) // L3
	v.exits = d.exits.received(v.exited)                    // L3
	return v
}

// state is what Inspect shows of the group (I1).
func (d dynamic) state() byte {
	switch {
	case !d.ran:
		return 'p'
	case d.done():
		return 'e'
	case d.signal != 0:
		return 't'
	}
	return 'r'
}
