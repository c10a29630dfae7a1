package grouper

import (
	"os"
	"runtime"
	"sync/atomic"
)

// A strategy is what one run of a group decides, each kind in its own way. The
// loop calls it, one call after the other, and nothing else does: decisions
// need neither locks nor goroutines.
type strategy interface {
	// proceed does what is due now. The loop calls it before each wait.
	proceed()
	// exited is told of a member's exit.
	exited(p *process)
	// propagate hands the latest signal on. The one before it is nil the first
	// time.
	propagate(previous os.Signal)
	// done tells whether Run is to return.
	done() bool
}

// A loop is the one goroutine of a group, that which Run was called on. It
// takes one event after the other and keeps the rules of every group (G); what
// follows from an event is up to the group.
type loop struct {
	strategy    strategy
	path        string // of the group
	noted       lifecycle
	clock       clock
	termination os.Signal
	signals     <-chan os.Signal
	announce    chan<- struct{} // closed when the group is ready
	exits       chan *process
	running     int      // members started whose exit was not taken yet
	awaited     *process // one that is starting, or nil
	expectant   bool     // whether members may be about to become ready, or to exit

	signal atomic.Pointer[os.Signal] // the latest one propagated, nil until shutting down; only the loop writes

	// A dynamic group has these besides.
	inserts <-chan Member // nil while none can be accepted
	insert  func(member Member, open bool)
	calls   <-chan func() // what others want done between two events
}

// run is the whole life of a group. Its select is the only place where a
// group waits (G10), and it ends when no member is running any more (G6).
func (l *loop) run() {
	l.noted.started.note(l.clock.now())
	for l.strategy.proceed(); !l.strategy.done(); l.strategy.proceed() {
		if l.giveWay() {
			continue
		}
		l.clock.move()
		select {
		case signal, open := <-l.signals:
			l.takeSignal(signal, open)
		case p := <-l.exits:
			l.takeExit(p)
			l.takeExits()
		case <-l.readiness():
			l.awaited.becomeReady(&l.clock)
		case member, open := <-l.inserts:
			l.insert(member, open)
		case call := <-l.calls:
			call()
		}
	}
	l.noted.exited.note(l.clock.now())
}

// giveWay lets members run that were just started or signaled, for as long as
// some become ready, or exit: they need not be waited for one by one, which
// costs more than all the rest.
func (l *loop) giveWay() bool {
	if !l.expectant {
		return false
	}
	runtime.Gosched()
	l.clock.move()
	l.expectant = l.takeExits()
	return true
}

func (l *loop) readiness() <-chan struct{} {
	if l.awaited == nil {
		return nil
	}
	return l.awaited.ready
}

// poll takes a signal or an exit that is already there, and tells whether
// there was one.
func (l *loop) poll() bool {
	select {
	case signal, open := <-l.signals:
		l.takeSignal(signal, open)
		return true
	default:
	}
	return l.takeExits()
}

func (l *loop) takeSignal(signal os.Signal, open bool) {
	switch {
	case !open:
		l.signals = nil // G3: a closed channel would be received from for ever
	case signal != nil:
		l.propagate(signal)
	}
}

// takeExits takes the exits that are already there, and tells whether there
// were any.
func (l *loop) takeExits() (some bool) {
	for {
		select {
		case p := <-l.exits:
			l.takeExit(p)
			some = true
		default:
			return some
		}
	}
}

func (l *loop) takeExit(p *process) {
	l.running--
	p.noted.exited.note(l.clock.now())
	l.strategy.exited(p)
	l.memberFailed()
}

// memberFailed shuts the group down if nothing did before (G4), and if there
// is a termination signal to do it with (G5).
func (l *loop) memberFailed() {
	if !l.shuttingDown() && l.termination != nil {
		l.propagate(l.termination)
	}
}

func (l *loop) propagate(signal os.Signal) {
	previous := l.latestSignal()
	l.signal.Store(&signal)
	l.noted.stopping.note(l.clock.now())
	l.strategy.propagate(previous)
}

func (l *loop) shuttingDown() bool {
	return l.signal.Load() != nil
}

func (l *loop) latestSignal() os.Signal {
	if signal := l.signal.Load(); signal != nil {
		return *signal
	}
	return nil
}

func (l *loop) start(p *process) {
	l.running++
	l.expectant = true
	p.start(l.path, l.exits, l.clock.now())
}

// stop hands the latest signal to a member, unless that has exited.
func (l *loop) stop(p *process) {
	if p.noted.exited.isNoted() {
		return
	}
	l.expectant = true
	p.noted.stopping.note(l.clock.now())
	p.Signal(*l.signal.Load())
}

func (l *loop) becomeReady() {
	l.noted.ready.note(l.clock.now())
	if l.announce != nil {
		close(l.announce)
	}
}
