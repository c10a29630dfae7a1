package grouper

import (
	"os"
	"sync"
	"time"
)

// An instant is a time, in nanoseconds since the epoch; 0 is never. In a
// bubble of [testing/synctest] instants are negative.
type instant int64

// epoch is before anything happens. Reading the time since then takes half of
// what it takes to read the time.
var epoch = time.Now().Add(-1)

func now() instant { return instant(time.Since(epoch)) }

// time converts an instant, given any time of the same clock. It agrees with
// the wall clock of that time, even if that was set meanwhile.
func (i instant) time(now time.Time) time.Time {
	if i == 0 {
		return time.Time{}
	}
	return now.Add(time.Duration(i) - now.Sub(epoch))
}

// notBefore returns the later one of two instants. The other may be never.
func (i instant) notBefore(other instant) instant {
	if other == 0 {
		return i
	}
	return max(i, other)
}

// A clock stands still while a loop handles an event: the time is read once per
// event, however many members the event is about.
type clock struct{ at instant }

func (c *clock) now() instant {
	if c.at == 0 {
		c.at = now()
	}
	return c.at
}

func (c *clock) move() { c.at = 0 }

// times are when a member, or a run of a group, entered its states.
type times struct {
	started, ready, failed, stopping, exited instant
}

func (t times) state() (State, instant) {
	switch {
	case t.exited != 0:
		return StateExited, t.exited
	case t.stopping != 0:
		return StateStopping, t.stopping
	case t.ready != 0:
		return StateReady, t.ready
	case t.failed != 0:
		return StateFailed, t.failed
	case t.started != 0:
		return StateStarting, t.started
	}
	return StatePending, 0
}

func (t *times) enter(state State, at instant) {
	switch state {
	case StateStarting:
		t.started = at
	case StateReady:
		t.ready = at
	case StateFailed:
		t.failed = at
	case StateStopping:
		if t.stopping == 0 {
			t.stopping = at
		}
	case StateExited:
		t.exited = at
	}
}

// A lifecycle is what a member or a run inside a Wrap goes through, and who
// observes it.
type lifecycle struct {
	path      string
	run       int // inside a Wrap: which run it is
	observers *observers

	mu      sync.Mutex // guards what follows
	times   times
	latest  instant // when anything happened last
	refusal instant // when another member of the same path was refused last
}

// enter enters a state, and reports whether that was still possible. The
// observers get the step before anybody else can see it (V3).
func (l *lifecycle) enter(state State, at instant, signal os.Signal, err error) bool {
	l.mu.Lock()
	entered := l.enterLocked(state, at, signal, err)
	l.mu.Unlock()
	return entered
}

// enterLocked is enter for callers that hold mu.
func (l *lifecycle) enterLocked(state State, at instant, signal os.Signal, err error) bool {
	if l.times.exited != 0 || l.times.ready != 0 && (state == StateReady || state == StateFailed) {
		return false
	}
	at = at.notBefore(l.latest).notBefore(l.refusal) // a loop's clock may be behind (V7)
	l.tellLocked(state, at, signal, err)
	l.times.enter(state, at)
	return true
}

// tellRefusal tells the observers that another member of the same path was not
// started (D3).
func (l *lifecycle) tellRefusal(err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.refusal = now()
	if l.observers != nil {
		l.observe(StateExited, l.refusal, 0, nil, err)
	}
}

// tellLocked tells the observers.
func (l *lifecycle) tellLocked(state State, at instant, signal os.Signal, err error) {
	if l.observers != nil {
		l.observe(state, at, l.latest, signal, err)
	}
	l.latest = at
}

// observe is a function of its own so that the stacks of unobserved members need
// no room for an event.
//
//go:noinline
func (l *lifecycle) observe(state State, at, since instant, signal os.Signal, err error) {
	s := l.observers.newStep()
	s.of, s.state, s.at, s.since, s.signal, s.err = l, state, at, since, signal, err
	l.observers.tell(s)
}
