package proof

// The model is the contract as a sequential state machine: an event goes in,
// and what users see comes out. It has no channels and no goroutines, and
// its states are values: they are copied by assignment and compared with ==.
//
// An event happens at once, and the group handles it later: apply takes an
// event, and steps returns what the group may do next by itself. When it has
// settled, no step is left.
type model interface {
	// apply takes one event, which must be possible.
	apply(e event) model
	// steps returns the states that the group may reach next by itself.
	steps() []model
	// done reports whether Run has returned.
	done() bool
	// view returns what users see.
	view() view
	// events returns the possible events of the scope.
	events(s scope) []event
	// observed returns what the observer has been called with, and rest forgets it.
	observed() trail
	rest() model
}

// settle takes steps until none is left.
func settle(m model) model {
	for next := m.steps(); len(next) > 0; next = m.steps() {
		m = next[0]
	}
	return m
}

// maxMembers is how many members a script can have.
const maxMembers = 4

// Signals, results and names are letters, so that a state is one value.
const (
	noSignal   = '-' // nil
	interrupt  = 'i'
	terminate  = 't' // also the termination signal, of groups that have one
	fromClient = 'c' // from a client to a member

	noError   = 'n' // Run returned nil
	boom      = 'b' // Run returned an error
	goexit    = 'g' // the member ended with runtime.Goexit
	nilRunner = 'z' // ErrNilRunner
	duplicate = 'd' // ErrDuplicateNames

	errs = "bgzd" // the results that are errors
)

type phase byte

const (
	absent   phase = iota
	waiting        // for its insert to be accepted
	running        // started, and not exited
	exited         // started, and exited
	refusing       // accepted, and about to be refused: its name is in use
	refused
	withdrawn // its insert was canceled
)

type member struct {
	phase    phase
	name     byte
	noRunner bool   // its Runner is nil
	ready    bool   // it has closed its ready channel
	entered  bool   // its entrance event was sent
	result   byte   // of its Run, once that has returned or is about to
	signals  string // that it was sent, in order
	stopped  bool   // one of them was from the group
	inside   wrapped
}

// returned reports whether the member's Run has returned, or is about to.
func (m member) returned() bool { return m.result != 0 && !m.noRunner }

// state is what Inspect shows of the member (I2).
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

// seen returns the signals that the member's Runner has seen, if it has one.
func (m member) seen() string {
	if m.noRunner {
		return ""
	}
	return m.signals
}

func count(members []member, p phase) (n int) {
	for _, m := range members {
		if m.phase == p {
			n++
		}
	}
	return n
}
