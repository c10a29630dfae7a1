package grouper

import (
	"os"
	"runtime/trace"
	"sync/atomic"

	"github.com/tedsuo/ifrit"
)

// NewParallel returns a group that starts its members together, for parts of
// a service that do not depend on one another. It is ready when all of them
// are.
//
// Every signal that the group gets goes to all running members, even a repeated
// one. If a member exits before the group is signaled, the others get the
// termination signal; if that is nil, they are left alone, and the group goes
// on until all of them have exited or it is signaled. A member that exits before
// it is ready keeps the group from becoming ready.
//
// Run returns when every member that was started has exited: nil, or an
// [ErrorTrace] if one of them exited with an error. Before it starts any
// member it returns [ErrDuplicateNames] if names are not unique. A group
// without members is ready at once, and exits on its first signal.
//
// The group may be run again, and any number of times at once: each run reads
// the members when it begins and starts afresh. NewParallel itself only keeps
// its arguments.
func NewParallel(terminationSignal os.Signal, members Members) ifrit.Runner {
	return &staticGroup{
		groupKind:   KindParallel,
		termination: terminationSignal,
		members:     members,
		strategy:    func(_ *loop, run staticRun) staticStrategy { return &parallel{run} },
	}
}

// parallel is one run of a parallel group.
type parallel struct {
	staticRun
}

// proceed starts all the members without waiting (P1), and then waits for the
// last of them. While the group shuts down, there is nothing to decide before
// the last exit.
func (g *parallel) proceed(l *loop) {
	if g.started < len(g.processes) {
		g.startAll(l)
		return
	}
	g.awaitReady(l)
	g.awaitExits(l)
}

// startAll starts the members, of which one looks at all the others before it
// runs: most of them are ready by then, and need not wake the loop one by one. Of
// goroutines that are started together, the scheduler runs the newest one first
// and then the others in their order, so this is the last but one. If the times
// must be exact (V4, I5), it is whichever begins last, since members that have not
// begun by then would each get a watcher.
func (g *parallel) startAll(l *loop) {
	last := len(g.processes) - 1
	lookout := max(last-1, 0)
	l.await(g.processes[lookout])
	g.unseen = len(g.processes)
	if last > 0 && (l.observers != nil || trace.IsEnabled()) {
		look := g.processes.lookAfterLast(lookout)
		for range g.processes {
			g.startNext(l, look)
		}
		return
	}
	for i := range g.processes {
		if i == lookout && last > 0 {
			g.startNext(l, func() { g.processes.look(lookout, false) })
		} else {
			g.startNext(l, nil)
		}
	}
}

// lookAfterLast returns a function that looks once all members have called it.
func (ps processes) lookAfterLast(lookout int) func() {
	begun := new(atomic.Int64)
	return func() {
		if int(begun.Add(1)) == len(ps) {
			ps.look(lookout, true)
		}
	}
}

// look looks at all members but the lookout, which the loop waits for already,
// and wakes the loop to wait for the ones still starting. If the times must be
// exact (V4, I5), each of them also gets a watcher, since the loop waits for only
// a few at once.
func (ps processes) look(lookout int, exact bool) {
	starting := false
	at := now()
	ps[lookout].observers.cork()
	for i, p := range ps {
		if i == lookout {
			continue
		}
		if p.isStarting(at) {
			starting = true
			if exact {
				p.watch()
			}
		}
	}
	ps[lookout].observers.uncork()
	if starting {
		ps[lookout].mailbox.ring()
	}
}

// propagate signals all running members (P2).
func (g *parallel) propagate(l *loop, _ os.Signal) {
	text := traced(l.signal)
	for _, p := range g.processes {
		p.stop(l.clock.now(), l.signal, text)
	}
}
