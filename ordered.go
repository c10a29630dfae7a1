package grouper

import (
	"os"

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

// A direction returns the place of the nth member to be stopped, among the
// members that were started.
type direction func(nth, started int) int

func lastFirst(nth, started int) int { return started - 1 - nth }
func firstFirst(nth, _ int) int      { return nth }

func newOrdered(kind Kind, termination os.Signal, members Members, direction direction) ifrit.Runner {
	return &staticGroup{
		kind:        kind,
		termination: termination,
		members:     members,
		strategy:    func(run staticRun) strategy { return &ordered{staticRun: run, direction: direction} },
	}
}

// ordered is one run of an ordered or queue-ordered group.
type ordered struct {
	staticRun
	direction direction
	turns     int      // how many members have had their turn to stop
	stopping  *process // the one whose turn it is, until it has exited
}

// proceed stops the next member if the group is shutting down. Otherwise it
// starts the next one if the previous is ready, and if no exit and no signal
// is already there (O1).
func (g *ordered) proceed(l *loop) {
	for g.awaitReady(l); g.due(l); g.awaitReady(l) {
		if g.started == 0 || !l.poll(g) {
			l.await(g.startNext(l, nil))
			return // nothing is due before it is ready
		}
	}
	if l.shuttingDown() {
		g.stopNext(l)
	}
}

func (g *ordered) due(l *loop) bool {
	return l.startingUp() && g.allReady(l)
}

// stopNext signals the next member that is still running, when the one before
// it has exited (O2).
func (g *ordered) stopNext(l *loop) {
	for g.stopping == nil && g.turns < g.started {
		p := g.processes[g.direction(g.turns, g.started)]
		g.turns++
		if p.stop(l) {
			g.stopping = p
		}
	}
}

func (g *ordered) exited(l *loop, p *process, wasReady bool) {
	g.staticRun.exited(l, p, wasReady)
	if p == g.stopping {
		g.stopping = nil
	}
}

// propagate passes a further signal to the member whose turn it is to stop. A
// repeat of the previous signal is dropped (O3).
func (g *ordered) propagate(l *loop, previous os.Signal) {
	if g.stopping != nil && !equal(l.signal, previous) {
		g.stopping.stop(l)
	}
}

// equal compares signals. Signals of an incomparable type are never equal.
func equal(a, b os.Signal) (same bool) {
	defer func() { _ = recover() }()
	return a == b
}
