package grouper

import (
	"os"
	"slices"
	"sync/atomic"

	"github.com/tedsuo/ifrit"
)

// A Member is a part of a service: a Runner, and the name under which its
// group knows it, which is unique within that group.
//
// A Runner of nil is an error only when the member's turn to be started
// comes: the member then exits at once, with [ErrNilRunner].
type Member struct {
	Name string
	ifrit.Runner
}

// Members are the members of a static group, in their order. Their names must
// differ. Nil is a list without members.
type Members []Member

// Validate returns [ErrDuplicateNames] if members have the same name, and
// otherwise nil. Groups call it before they start a member. It only reads the
// list, and does not look at the Runners.
func (m Members) Validate() error {
	if duplicates := m.duplicates(); duplicates != nil {
		return ErrDuplicateNames{duplicates}
	}
	return nil
}

// duplicates gives the names that occur more than once.
func (m Members) duplicates() []string {
	if !m.repeat() {
		return nil
	}
	var duplicates []string
	seen := make(map[string]int, len(m))
	for _, member := range m {
		seen[member.Name]++
		if seen[member.Name] == 2 {
			duplicates = append(duplicates, member.Name)
		}
	}
	return duplicates
}

// repeat tells whether any name occurs more than once. Few names are faster
// compared with one another than put into a map.
func (m Members) repeat() bool {
	const few = 8
	if len(m) > few {
		names := make(map[string]struct{}, len(m))
		for _, member := range m {
			names[member.Name] = struct{}{}
		}
		return len(names) < len(m)
	}
	for i, member := range m {
		for _, earlier := range m[:i] {
			if member.Name == earlier.Name {
				return true
			}
		}
	}
	return false
}

// A staticGroup is one whose members are given: of the three kinds that there
// are, each has a strategy.
type staticGroup struct {
	kind        Kind
	termination os.Signal
	members     Members
	strategy    func(*roster) strategy
	latest      atomic.Pointer[roster] // the run that began last, for Inspect
}

func (g *staticGroup) Run(signals <-chan os.Signal, ready chan<- struct{}) error {
	return g.runAt("", signals, ready)
}

func (g *staticGroup) runAt(path string, signals <-chan os.Signal, ready chan<- struct{}) error {
	if err := g.members.Validate(); err != nil {
		return err
	}
	run := newRoster(g.members)
	run.loop.strategy = g.strategy(run)
	run.path = path
	run.termination = g.termination
	run.signals = signals
	run.announce = ready
	g.latest.Store(run)
	run.loop.run()
	return run.result()
}

// A roster is one run of a list of members: who was started, who is ready, who
// has exited. It keeps the rules of static groups (S); in which order they
// start and stop is up to the strategy.
type roster struct {
	loop
	processes []process
	started   int        // processes[:started] were started
	ready     int        // processes[:ready] were seen ready
	over      bool       // whether start-up is: the group is ready, or never will be (G5)
	failed    moment     // when it turned out that the group never will be
	order     []*process // those that have exited, in that order (S1)
}

func newRoster(members Members) *roster {
	r := &roster{
		processes: make([]process, len(members)),
		order:     make([]*process, 0, len(members)),
	}
	r.exits = make(chan *process, len(members))
	for i, member := range members {
		r.processes[i].member = member
	}
	return r
}

// starting tells whether members may still be started (G5, G7).
func (r *roster) starting() bool {
	return !r.over && !r.shuttingDown()
}

func (r *roster) startNext() {
	r.start(&r.processes[r.started])
	r.started++
}

// observe takes note of the members that are ready, in their order: all that
// one channel at a time can tell, and enough to know when all of them are.
func (r *roster) observe() {
	for r.ready < r.started && r.processes[r.ready].isReady(&r.clock) {
		r.ready++
		r.expectant = true
	}
	if r.starting() && r.ready == len(r.processes) {
		r.over = true
		r.becomeReady()
	}
	r.awaited = nil
	if r.ready < r.started {
		r.awaited = &r.processes[r.ready]
	}
}

func (r *roster) exited(p *process) {
	r.observe()               // G2
	if !p.isReady(&r.clock) { // G5
		r.over = true
		r.failed.note(r.clock.now())
	}
	r.order = append(r.order, p)
}

// result is an ErrorTrace, if it has an error in it (S1).
func (r *roster) result() error {
	if !slices.ContainsFunc(r.order, func(p *process) bool { return p.err != nil }) {
		return nil
	}
	trace := make(ErrorTrace, len(r.order))
	for i, p := range r.order {
		trace[i] = ExitEvent{p.member, p.err}
	}
	return trace
}

// done holds when every started member has exited: what was still to be started
// has just been. Without members it takes a signal (S3).
func (r *roster) done() bool {
	return r.running == 0 && (r.shuttingDown() || len(r.processes) > 0)
}
