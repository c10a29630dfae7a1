package grouper

import (
	"context"
	"os"
	"sync/atomic"

	"github.com/tedsuo/ifrit"
)

// A place is where a Runner of this package runs: as a member, inside a Wrap
// or an Observe, or outermost. It passes paths and observers down, and what
// happens here up. Any goroutine may call it.
type place interface {
	// where returns the path of what runs here, the prefix of the paths below
	// it, and the observers of what is below it.
	where() (path, prefix string, below *observers)
	// context has the profiler label and the trace task of the member.
	context() context.Context
	// queue holds the signals that come here, if a member's process runs here.
	queue() *queue[os.Signal]

	host(run *groupRun)    // a group runs here now
	begin(run *wrappedRun) // numbers a run inside a Wrap, and has it begin

	// What runs here calls these before anybody else can see the new state.
	becomeReady(at instant) // closes the ready channel, too
	fail(at instant)        // start-up is over: it never becomes ready
	takeSignal(at instant, signal os.Signal)
}

// A placed Runner knows how to run in a place.
type placed interface {
	runIn(p place, signals <-chan os.Signal, ready chan<- struct{}) error
	// reportsReady reports whether it calls becomeReady of its place, so that
	// nobody has to watch the ready channel.
	reportsReady() bool
}

// asPlaced returns a Runner of this package as such, and nil for any other. A
// type that embeds a ContextFunc may have its own Run, and is another.
func asPlaced(runner ifrit.Runner) placed {
	switch runner := runner.(type) {
	case ContextFunc:
		return contextMember(runner)
	case WorkerFunc:
		return workerMember(runner)
	case TaskFunc:
		return taskMember(runner)
	case placed:
		return runner
	}
	return nil
}

// runIn runs any Runner in a place.
func runIn(p place, runner ifrit.Runner, signals <-chan os.Signal, ready chan<- struct{}) error {
	if runner == nil {
		return ErrNilRunner
	}
	if placed := asPlaced(runner); placed != nil {
		return placed.runIn(p, signals, ready)
	}
	return runner.Run(signals, ready)
}

func reportsReady(runner ifrit.Runner) bool {
	placed := asPlaced(runner)
	return placed != nil && placed.reportsReady()
}

// outermost is the place of a Runner that another package runs.
type outermost struct {
	ready chan<- struct{}
	runs  atomic.Int64
}

func runOutermost(runner placed, signals <-chan os.Signal, ready chan<- struct{}) error {
	return runner.runIn(&outermost{ready: ready}, signals, ready)
}

func (o *outermost) where() (path, prefix string, below *observers) { return "", "", nil }
func (o *outermost) context() context.Context                       { return context.Background() }
func (o *outermost) queue() *queue[os.Signal]                       { return nil }
func (o *outermost) host(*groupRun)                                 {}
func (o *outermost) begin(run *wrappedRun)                          { run.start(int(o.runs.Add(1))) }
func (o *outermost) fail(instant)                                   {}
func (o *outermost) takeSignal(instant, os.Signal)                  {}

func (o *outermost) becomeReady(instant) {
	closeReady(o.ready)
}

// closeReady closes a ready channel, if there is one. Some wrappers have closed
// it before, or run what is inside a second time with the same one.
func closeReady(ready chan<- struct{}) {
	if ready != nil {
		defer func() { _ = recover() }()
		close(ready)
	}
}

// A process is the place of what runs in a member.

func (p *process) where() (path, prefix string, below *observers) {
	return p.path, p.path + "/", p.observers
}

func (p *process) context() context.Context      { return p.ctx }
func (p *process) queue() *queue[os.Signal]      { return &p.signals }
func (p *process) takeSignal(instant, os.Signal) {} // its group has entered it

func (p *process) host(run *groupRun) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.extraLocked().hosted = run
}

func (p *process) begin(run *wrappedRun) {
	p.mu.Lock()
	defer p.mu.Unlock()
	extra := p.extraLocked()
	if extra.wrapped != nil {
		run.start(extra.wrapped.run + 1)
	} else {
		run.start(1)
	}
	extra.wrapped = run
}

func (p *process) becomeReady(at instant) {
	p.mu.Lock()
	p.becomeReadyLocked(at)
	if p.times.ready != 0 { // it is not if the member has exited before
		closeReady(p.ready)
	}
	p.mu.Unlock()
	if p.mailbox.dynamic {
		p.mailbox.post(p)
	}
}

// fail tells only the observers: a member that runs a failed group is still
// starting (I2), unless an earlier run inside a Wrap was ready.
func (p *process) fail(at instant) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.times.exited == 0 && p.times.ready == 0 {
		p.tellLocked(StateFailed, at.notBefore(p.latest).notBefore(p.refusal), nil, nil)
	}
}
