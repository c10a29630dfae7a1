package grouper

import (
	"os"
	"runtime/trace"

	"github.com/tedsuo/ifrit"
)

// NewParallel returns a group that starts its members together, for parts of
// a service that do not depend on one another. It is ready when all of them
// are.
//
// Every signal that the group gets goes to all running members, a repeated
// one too. If a member exits before the group was signaled, the others get
// the termination signal; if that is nil, they are left alone, and the group
// goes on until all of them have exited or it is signaled. A member that
// exits before it was ready keeps the group from becoming ready.
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

// proceed starts all the members without waiting (P1). While the group shuts
// down nothing is to be decided before the last exit.
func (g *parallel) proceed(l *loop) {
	if g.started < len(g.processes) {
		g.startAll(l)
	}
	g.awaitReady(l, lastToRun)
	if l.shuttingDown() {
		l.mailbox.askFor(l.running)
	}
}

// startAll has somebody watch each member while it starts, if anybody wants to
// know exactly when it becomes ready (V4, I5). Most are ready by the time that
// the loop waits, and cost nothing.
func (g *parallel) startAll(l *loop) {
	g.watched = l.observers != nil || trace.IsEnabled()
	last := len(g.processes) - 1
	for g.started < last {
		g.startNext(l)
	}
	if g.watched {
		go g.processes[:last].watch() // runs when they have
	}
	g.startNext(l)
	if g.watched {
		g.processes[last].watch()
	}
}

// watch sees which members are ready, and has the others watched.
func (ps processes) watch() {
	for i := range ps {
		if p := &ps[i]; p.receiveReady() {
			p.mailbox.post(p)
		} else {
			p.watch()
		}
	}
}

// lastToRun is the order in which members are waited for. Of goroutines that
// were started together, the scheduler runs the newest one first, and then the
// others: when the last of these is ready, all of them have had their turn.
func lastToRun(n, started int) int {
	last := started - 2
	switch {
	case n == 0:
		return max(last, 0)
	case n <= last:
		return n - 1
	}
	return n
}

func (g *parallel) exited(l *loop, p *process) {
	g.awaitReady(l, lastToRun) // G2
	g.takeExit(l, p)
}

// propagate signals all running members (P2).
func (g *parallel) propagate(l *loop, _ os.Signal) {
	for i := range g.processes {
		l.stop(&g.processes[i])
	}
}
