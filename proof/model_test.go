package proof

import "strings"

// The model is the contract as a sequential state machine: an event goes in,
// and what everybody sees comes out. It has no channels and no goroutines, and
// its states are values: they are copied by assignment and compared with ==.
//
// What happens at once, and what the group does about it in its own time, are
// two things: apply takes an event, and steps gives what the group may do next
// by itself. When it rests there is no step left.
type model interface {
	// apply takes one event. It must be one that is possible.
	apply(e event) model
	// steps gives the states that the group may be in next by itself.
	steps() []model
	// done tells whether Run has returned.
	done() bool
	// view is what everybody sees.
	view() view
	// events gives the events of the scope that are possible.
	events(s scope) []event
}

// settle lets the group do all that it does by itself.
func settle(m model) model {
	for next := m.steps(); len(next) > 0; next = m.steps() {
		m = next[0]
	}
	return m
}

// most is how many members a script can have.
const most = 4

// Signals, results and names are letters, so that a state is one value.
const (
	noSignal  = '-' // nil
	interrupt = 'i'
	terminate = 't' // also the termination signal, of groups that have one
	poked     = 'c' // what clients send to a member directly

	fine      = 'n' // Run returned nil
	boom      = 'b' // Run returned an error
	goexit    = 'g' // the member ended with runtime.Goexit
	nilRunner = 'z' // ErrNilRunner
	duplicate = 'd' // ErrDuplicateNames

	errs = "bgzd" // the results that are errors
)

type phase byte

const (
	absent   phase = iota
	waiting        // to be accepted
	running        // started, and not exited
	exited         // started, and exited
	refusing       // accepted, and about to be refused: its name is in use
	refused
	withdrawn // was waiting, and does so no more
)

type member struct {
	phase   phase
	name    byte
	nobody  bool   // its Runner is nil
	ready   bool   // it has closed its ready channel
	entered bool   // its entrance was told
	leaving byte   // the result of its Run, which the group has not taken yet
	signals string // those that it got, in order
	stopped bool   // one of them was from the group
}

// start is the start of a member. G1: one without a Runner exits at once.
func (m member) start() member {
	m.phase = running
	if m.nobody {
		m.leaving = nilRunner
	}
	return m
}

// left tells whether the member's Run has returned, or is about to.
func (m member) left() bool { return m.leaving != 0 && !m.nobody }

// state is what Inspect tells of the member (I2).
func (m member) state() byte {
	switch {
	case m.phase == exited:
		return 'e'
	case m.phase != running:
		return 'p'
	case m.stopped:
		return 't'
	case m.ready:
		return 'r'
	}
	return 's'
}

// seen is what is seen of the member's signals: of nobody's, nothing.
func (m member) seen() string {
	if m.nobody {
		return ""
	}
	return m.signals
}

// A view is what everybody sees of a group.
type view struct {
	ready, exited bool
	result        string       // what Run has returned
	started       [most]bool   // M: whose Run was called
	left          [most]bool   // whose Run has returned, or is about to
	signals       [most]string // what each member got
	state         byte         // I1
	states        [most]byte   // I2
	waitingFor    string       // I3
	// Of dynamic groups:
	closed           bool
	accepted         [most]bool
	got              [most]bool // D4: whether Get finds a member of the name
	entrances, exits [ears]string
	refusals         int // D10: how many times Run was refused
}

// allows tells whether the model's view agrees with what was seen. M2: of its
// last signals a member that exits may not have read all. Where there is no
// Inspect, it has seen nothing.
func (v view) allows(seen view) bool {
	if seen.state == 0 {
		seen.state, seen.states, seen.waitingFor = v.state, v.states, v.waitingFor
	}
	for i, left := range v.left {
		if left && strings.HasPrefix(v.signals[i], seen.signals[i]) {
			seen.signals[i] = v.signals[i]
		}
	}
	return v == seen
}

// static is the model of a parallel ('p'), ordered ('o') or queue-ordered
// ('q') group.
type static struct {
	kind        byte
	size        int
	termination byte // 0 for nil
	members     [most]member
	ready       bool   // the group is
	failed      bool   // G5: a member exited before it was ready
	hungUp      bool   // G3: the signals channel was closed
	queue       string // signals that the group was sent and has not taken
	signal      byte   // the latest propagated, 0 until shutting down
	trace       string // S1
}

func (s static) apply(e event) model {
	switch e.op {
	case becomeReady:
		s.members[e.at].ready = true
	case exit:
		s.members[e.at].leaving = e.arg
	case signal:
		s.queue += string(e.arg)
	case hangUp:
		s.hungUp = true
	case run: // S2: each run starts afresh
		fresh := static{kind: s.kind, size: s.size, termination: s.termination}
		for i, m := range s.members {
			fresh.members[i].nobody = m.nobody
		}
		return fresh
	}
	return s
}

func (s static) steps() []model {
	var next []model
	if s.done() {
		return nil
	}
	if s.queue != "" {
		next = append(next, s.take())
	}
	for i, m := range s.members {
		if m.phase == running && m.leaving != 0 {
			next = append(next, s.exit(i))
		}
	}
	if s.startable() {
		next = append(next, s.start())
	}
	if s.allReady() {
		next = append(next, s.becomeReady())
	}
	return next
}

// starting: G5, G7.
func (s static) starting() bool { return !s.ready && !s.failed && s.signal == 0 }

// startable: a signal that is pending is handled before the next start (O1).
func (s static) startable() bool {
	if !s.starting() || s.queue != "" || s.count(absent) == 0 {
		return false
	}
	return s.kind == 'p' || s.started() == s.countReady() // O1
}

func (s static) start() static {
	for i := range s.size {
		if s.members[i].phase == absent {
			s.members[i] = s.members[i].start()
			if s.kind != 'p' { // P1: all of them, O1: one after the other
				break
			}
		}
	}
	return s
}

// allReady: P1, O1, S3.
func (s static) allReady() bool { return s.starting() && s.countReady() == s.size }

func (s static) becomeReady() static {
	s.ready = true
	return s
}

func (s static) take() static {
	signal := s.queue[0]
	s.queue = s.queue[1:]
	if signal == noSignal { // G3
		return s
	}
	return s.propagate(signal)
}

func (s static) propagate(signal byte) static {
	latest := s.signal
	s.signal = signal
	switch {
	case s.kind == 'p': // P2
		for i := range s.members {
			s = s.tell(i)
		}
	case latest != signal: // O2, O3
		s = s.tell(s.stopping())
	}
	return s
}

// tell hands the latest signal to a member, if it is running.
func (s static) tell(i int) static {
	if i >= 0 && s.members[i].phase == running {
		s.members[i].signals += string(s.signal)
		s.members[i].stopped = true
	}
	return s
}

// stopping is the member whose turn it is to stop, or -1 (O2, O4).
func (s static) stopping() int {
	found := -1
	for i, m := range s.members {
		if m.phase == running && (found < 0 || s.kind == 'o') {
			found = i
		}
	}
	return found
}

func (s static) exit(i int) static {
	if s.allReady() { // G2
		s = s.becomeReady()
	}
	hadTurn := i == s.stopping()
	m := &s.members[i]
	m.phase = exited
	s.trace += string(rune('0'+i)) + string(m.leaving) // S1
	if !m.ready {
		s.failed = true // G5
	}
	switch {
	case s.signal == 0 && s.termination != 0: // G4
		s = s.propagate(s.termination)
	case s.signal != 0 && s.kind != 'p' && hadTurn: // O2
		s = s.tell(s.stopping())
	}
	return s
}

// done: G5, G6, S3.
func (s static) done() bool {
	over := s.signal != 0 || s.failed || s.ready && s.size > 0
	return over && s.count(running) == 0
}

func (s static) view() view {
	v := view{ready: s.ready, exited: s.done()}
	for i, m := range s.members {
		v.started[i] = m.phase != absent && !m.nobody
		v.left[i] = m.left()
		if i < s.size {
			v.states[i] = m.state()
		}
		v.signals[i] = m.seen()
	}
	v.state = s.state()
	v.waitingFor = v.waiting()
	if v.exited {
		v.result = "nil" // S1
		if strings.ContainsAny(s.trace, errs) {
			v.result = s.trace
		}
	}
	return v
}

// state is what Inspect tells of the group (I1).
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

// waiting gives those whom the group waits for to start or to stop (I3).
func (v view) waiting() (numbers string) {
	for i, state := range v.states {
		if state == v.state && (state == 's' || state == 't') || v.state == 'r' && v.closed && state != 0 {
			numbers += string(rune('0' + i))
		}
	}
	return numbers
}

func (s static) events(scope scope) []event {
	if s.done() {
		return scope.pick(event{op: run})
	}
	possible := scope.ofMembers(s.members)
	if !s.hungUp {
		possible = append(possible, scope.toGroup()...)
		if s.size > 0 { // S3: what has no members needs a signal to end
			possible = append(possible, scope.pick(event{op: hangUp})...)
		}
	}
	return possible
}

func (s static) count(p phase) int { return count(s.members[:s.size], p) }

func count(members []member, p phase) (n int) {
	for _, m := range members {
		if m.phase == p {
			n++
		}
	}
	return n
}

func (s static) started() int { return s.size - s.count(absent) }

func (s static) countReady() (n int) {
	for _, m := range s.members {
		if m.ready {
			n++
		}
	}
	return n
}
