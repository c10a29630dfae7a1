package grouper

import (
	"os"
	"slices"
	"sync/atomic"
)

// A staticGroup is a group with given members. Each of the three kinds has its
// own strategy.
type staticGroup struct {
	groupKind   Kind
	termination os.Signal
	members     Members
	strategy    func(*loop, staticRun) staticStrategy
	latest      atomic.Pointer[groupRun] // for Inspect
}

type staticStrategy interface {
	strategy
	runningMembers
}

func (g *staticGroup) Run(signals <-chan os.Signal, ready chan<- struct{}) error {
	return runOutermost(g, signals, ready)
}

func (g *staticGroup) reportsReady() bool { return true }

func (g *staticGroup) runIn(p place, signals <-chan os.Signal, _ chan<- struct{}) error {
	if err := g.members.Validate(); err != nil {
		return err
	}
	run, s := g.begin(p, signals)
	run.loop.run(s)
	return exitsOf(run)
}

// begin is a function of its own to leave the loop more of the stack.
//
//go:noinline
func (g *staticGroup) begin(p place, signals <-chan os.Signal) (*groupRun, strategy) {
	_, prefix, below := p.where()
	run := newRun(p, below, g.termination, signals)
	s := g.strategy(&run.loop, staticRun{processes: newProcesses(g.members, prefix)})
	run.members = s
	g.latest.Store(run)
	p.host(run)
	return run, s
}

// exitsOf returns the exits if one of them is an error (S1).
//
//go:noinline
func exitsOf(run *groupRun) error {
	processes := run.members.all()
	if !slices.ContainsFunc(processes, func(p *process) bool { return p.err != nil }) {
		return nil
	}
	trace := make(ErrorTrace, run.loop.mailbox.exits)
	for _, p := range processes {
		if p.exited {
			trace[p.rank] = ExitEvent{p.member, p.err}
		}
	}
	return trace
}

// processes are the processes of a static group, in the order of its members.
type processes []*process

func (ps processes) all() []*process { return ps }

// newProcesses allocates processes in chunks, which the allocator reuses: one
// large piece of memory would be cleared, and paged in, for each run.
//
//go:noinline
func newProcesses(members Members, prefix string) processes {
	const largest = 32 // 8 kB
	all := make(processes, len(members))
	var chunk []process
	for i, member := range members {
		if len(chunk) == 0 {
			chunk = make([]process, min(len(members)-i, largest))
		}
		all[i], chunk = &chunk[0], chunk[1:]
		all[i].become(member, prefix)
	}
	return all
}

// A staticRun is one run of a static group: which members were started, and
// which are ready. It keeps the rules of these groups (S); the strategies that
// embed it decide in which order members start and stop.
type staticRun struct {
	processes
	started int // processes[:started] were started
	unseen  int // of these, processes[:unseen] have not been looked at
}

func (r *staticRun) startNext(l *loop, first func()) *process {
	p := r.processes[r.started]
	p.prepare(l)
	p.launch(first)
	r.started++
	return p
}

// awaitReady has the loop wait for members that are not ready. Once all are, so
// is the group.
func (r *staticRun) awaitReady(l *loop) {
	r.lookForReady(l)
	if r.started == len(r.processes) && r.allReady(l) && l.startingUp() {
		l.becomeReady()
	}
}

// lookForReady looks which members are ready, and has the loop wait for as many
// of the others as it can. It begins with the last one: by the time that one is
// ready, the others usually are.
//
//go:noinline
func (r *staticRun) lookForReady(l *loop) {
	for i := range l.awaiting {
		if p := l.awaiting[i]; p != nil && !p.isStarting(l.clock.now()) {
			l.awaiting[i] = nil
		}
	}
	for ; r.unseen > 0; r.unseen-- {
		p := r.processes[r.unseen-1]
		if p.isStarting(l.clock.now()) && !l.await(p) {
			return
		}
	}
}

// allReady reports whether the members that were looked for are ready. If one has
// exited before it was, the start-up is over anyway.
func (*staticRun) allReady(l *loop) bool {
	return l.awaiting == [len(l.awaiting)]*process{}
}

func (r *staticRun) ready(*process) {}

// awaitExits has the loop wait for all exits if the group is shutting down: there
// is nothing to decide before.
func (r *staticRun) awaitExits(l *loop) {
	if l.shuttingDown() {
		l.mailbox.askFor(l.running)
	}
}

// exited ends the start-up if the member was not ready (G5); with a termination
// signal, the shutdown begins anyway. If it was, all members may be ready now
// (G2).
func (r *staticRun) exited(l *loop, _ *process, wasReady bool) {
	switch {
	case wasReady:
		r.awaitReady(l)
	case l.startingUp() && l.termination == nil:
		l.fail()
	}
}

// done reports whether every started member has exited: proceed has just started
// whatever was due. A group without members waits for a signal (S3).
func (r *staticRun) done(l *loop) bool {
	return l.running == 0 && (l.shuttingDown() || len(r.processes) > 0)
}
