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
		kind:        KindParallel,
		termination: terminationSignal,
		members:     members,
		strategy:    func(run staticRun) strategy { return &parallel{run} },
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
	if l.shuttingDown() {
		l.mailbox.askFor(l.running)
	}
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
	begun := new(atomic.Int64)
	lookIfLast := func() {
		if int(begun.Add(1)) > last {
			g.processes.look(lookout, true)
		}
	}
	exact := l.observers != nil || trace.IsEnabled()
	for i := range g.processes {
		switch {
		case last > 0 && exact:
			g.startNext(l, lookIfLast)
		case last > 0 && i == lookout:
			g.startNext(l, func() { g.processes.look(lookout, false) })
		default:
			g.startNext(l, nil)
		}
	}
	g.unseen = len(g.processes)
}

// look looks at all members but the lookout, which the loop waits for already,
// and wakes the loop to wait for those still starting. If the times must be exact (V4, I5), each of them
// also gets a watcher, since the loop waits for only a few at once.
func (ps processes) look(lookout int, exact bool) {
	starting := false
	at := now()
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
	if starting {
		ps[lookout].mailbox.post(ps[lookout])
	}
}

// propagate signals all running members (P2).
func (g *parallel) propagate(l *loop, _ os.Signal) {
	for _, p := range g.processes {
		p.stop(l)
	}
}
