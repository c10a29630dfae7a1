package grouper

import (
	"os"
	"sync"

	"github.com/tedsuo/ifrit"
)

// NewOrdered returns a group that starts its members one after the other, each
// when the previous one is ready, and stops them in reverse: for parts of a
// service that each depend on the ones before. It is ready when the last member
// is.
//
// To stop, the group signals the member that was started last, waits for its
// exit, then signals the one before it, and so on; a member that is still
// starting counts as started. A signal that arrives meanwhile, and differs
// from the latest one, goes to the member that is being stopped, and then to the
// remaining ones in place of the earlier signal. A repeat of the latest signal
// is dropped.
//
// If a member exits before the group is signaled, the group stops the others
// in the same way, with the termination signal; if that is nil, they are left
// alone, and the group goes on until all of them have exited or it is
// signaled. If a member exits before it is ready, no further one is started,
// and the group does not become ready.
//
// Run returns when every member that was started has exited: nil, or an
// [ErrorTrace] if one of them exited with an error. Before it starts any
// member it returns [ErrDuplicateNames] if names are not unique. A group
// without members is ready at once, and exits on its first signal.
//
// The group may be run again, and any number of times at once: each run reads
// the members when it begins and starts afresh. NewOrdered itself only keeps
// its arguments.
func NewOrdered(terminationSignal os.Signal, members Members) ifrit.Runner {
	return newOrdered(KindOrdered, terminationSignal, members, lastFirst)
}

// NewQueueOrdered returns a group that starts its members one after the other
// and stops them in the same order, the first one first: for a pipeline, where
// each part is to be drained before the next one stops. In everything else it
// is like [NewOrdered].
func NewQueueOrdered(terminationSignal os.Signal, members Members) ifrit.Runner {
	return newOrdered(KindQueueOrdered, terminationSignal, members, firstFirst)
}

// A direction returns which of some members is to stop next, and the others. There
// is at least one.
type direction func(processes) (next *process, others processes)

func lastFirst(ps processes) (*process, processes)  { return ps[len(ps)-1], ps[:len(ps)-1] }
func firstFirst(ps processes) (*process, processes) { return ps[0], ps[1:] }

func newOrdered(kind Kind, termination os.Signal, members Members, direction direction) ifrit.Runner {
	return &staticGroup{
		groupKind:   kind,
		termination: termination,
		members:     members,
		strategy: func(l *loop, run staticRun) staticStrategy {
			g := &ordered{staticRun: run, turns: turns{direction: direction}}
			l.mailbox.turns = &g.turns
			return g
		},
	}
}

// ordered is one run of an ordered or queue-ordered group.
type ordered struct {
	staticRun
	turns turns
}

// proceed starts the next member if the previous one is ready, and if no exit and
// no signal is already there (O1).
func (g *ordered) proceed(l *loop) {
	for g.awaitReady(l); g.due(l); g.awaitReady(l) {
		if g.started == 0 || !l.poll(g) {
			l.await(g.startNext(l, nil))
			return // nothing is due before it is ready
		}
	}
	g.awaitExits(l)
}

func (g *ordered) due(l *loop) bool {
	return l.startingUp() && g.allReady(l)
}

// propagate begins the turns. A further signal goes to the member whose turn it
// is, too; a repeat of the previous one is dropped (O3).
func (g *ordered) propagate(l *loop, previous os.Signal) {
	switch {
	case previous == nil:
		g.turns.begin(l, g.processes[:g.started])
	case !equal(l.signal, previous):
		g.turns.change(l)
	}
}

// equal compares signals. Signals of an incomparable type are never equal.
func equal(a, b os.Signal) (same bool) {
	defer func() { _ = recover() }()
	return a == b
}

// turns has the members of an ordered group stop one after the other (O2). Each
// signals the next one when it has exited, so that the loop is not woken once per
// member.
type turns struct {
	direction direction

	mu       sync.Mutex // guards what follows, and is held while a member is signaled
	left     processes  // the started ones that have not had their turn
	stopping *process   // the one whose turn it is, until it has exited
	signal   os.Signal
	text     string // of the signal, for an execution trace
}

// begin has the first member stop.
func (t *turns) begin(l *loop, started processes) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.left, t.signal, t.text = started, l.signal, traced(l.signal)
	t.next(l.clock.now())
}

// change sets another signal, for the one whose turn it is and for the others.
func (t *turns) change(l *loop) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.signal, t.text = l.signal, traced(l.signal)
	if t.stopping != nil {
		t.stopping.stop(l.clock.now(), t.signal, t.text)
	}
}

// pass ends the turn of a member that has exited, if it is its turn.
func (t *turns) pass(p *process) {
	if t == nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if p == t.stopping {
		t.next(p.times.exited)
	}
}

// next signals the next member that is still running.
func (t *turns) next(at instant) {
	for len(t.left) > 0 {
		t.stopping, t.left = t.direction(t.left)
		if t.stopping.stop(at, t.signal, t.text) {
			return
		}
	}
	t.stopping = nil
}
