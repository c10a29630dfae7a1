package grouper

import (
	"os"
	"sync/atomic"
)

// A staticGroup is one whose members are given: of the three kinds that there
// are, each has a strategy.
type staticGroup struct {
	kind        Kind
	termination os.Signal
	members     Members
	strategy    func(staticRun) strategy
	latest      atomic.Pointer[groupRun] // for Inspect
}

func (g *staticGroup) Run(signals <-chan os.Signal, ready chan<- struct{}) error {
	return runOutermost(g, signals, ready)
}

func (g *staticGroup) announces() bool { return true }

func (g *staticGroup) runIn(p place, signals <-chan os.Signal, _ chan<- struct{}) error {
	if err := g.members.Validate(); err != nil {
		return err
	}
	processes := make(processes, len(g.members))
	for i, member := range g.members {
		processes[i].member = member
	}
	run := newRun(g.kind, processes, p, g.termination, signals)
	g.latest.Store(run)
	p.host(run)
	run.loop.run(g.strategy(staticRun{processes: processes}))
	return processes.trace(run.loop.mailbox.exits)
}

// processes are those of a static group, in the order of its members.
type processes []process

// trace returns the exits if one of them was an error (S1).
func (ps processes) trace(exits int) error {
	failed := false
	for i := range ps {
		failed = failed || ps[i].err != nil
	}
	if !failed {
		return nil
	}
	trace := make(ErrorTrace, exits)
	for i := range ps {
		if p := &ps[i]; p.exited {
			trace[p.rank] = ExitEvent{p.member, p.err}
		}
	}
	return trace
}

// A staticRun is one run of a static group: who was started, and who is ready.
// It keeps the rules of these groups (S); in which order members start and
// stop is up to those that embed it.
type staticRun struct {
	processes processes
	started   int  // processes[:started] were started
	seenReady int  // how many of them were seen ready, in the order of their awaiting
	watched   bool // whether somebody watches the members that do not announce themselves
}

func (r *staticRun) startNext(l *loop) {
	l.start(&r.processes[r.started])
	r.started++
}

// awaitReady has the loop wait for one member after the other to be ready, in
// some order: enough to learn when all of them are.
func (r *staticRun) awaitReady(l *loop, nth func(n, started int) int) {
	l.awaitingReady = nil
	for ; r.seenReady < r.started; r.seenReady++ {
		p := &r.processes[nth(r.seenReady, r.started)]
		if !p.receiveReady() {
			if !p.hasExited() && (!r.watched || announces(p.member.Runner)) {
				l.awaitingReady = p
			}
			return
		}
	}
	if l.startingUp() && r.seenReady == len(r.processes) {
		l.becomeReady()
	}
}

func (r *staticRun) ready(*loop, *process) {}

// takeExit ends the start-up if the member was not ready (G5). With a
// termination signal the shutdown begins anyway.
func (r *staticRun) takeExit(l *loop, p *process) {
	if !p.receiveReady() && l.termination == nil && l.startingUp() {
		l.fail()
	}
}

// done holds when every started member has exited: what was still to be started
// has just been. Without members it takes a signal (S3).
func (r *staticRun) done(l *loop) bool {
	return l.running == 0 && (l.shuttingDown() || len(r.processes) > 0)
}
