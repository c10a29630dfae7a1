package grouper

import "os"

// A group is what one run of a group decides, each kind in its own way. The
// loop calls it, one call after the other, and nothing else does: decisions
// need neither locks nor goroutines.
type group interface {
	// proceed does what is due now. The loop calls it before each wait.
	proceed()
	// exited is told of a member's exit.
	exited(p *process)
	// propagate hands the signal on. The previous one is nil the first time.
	propagate(signal, previous os.Signal)
	// done tells whether Run is to return.
	done() bool
}

// A loop is the one goroutine of a group, that which Run was called on. It
// takes one event after the other and keeps the rules of every group (G); what
// follows from an event is up to the group.
type loop struct {
	group       group
	termination os.Signal
	signals     <-chan os.Signal
	announce    chan<- struct{} // closed when the group is ready
	exits       chan *process
	running     int       // members started whose exit was not taken yet
	signal      os.Signal // the latest one propagated, nil until shutting down
	awaited     *process  // one that is starting, or nil

	// A dynamic group has these besides.
	inserts <-chan Member // nil while none can be accepted
	insert  func(member Member, open bool)
	calls   <-chan func() // what others want done between two events
}

// run is the whole life of a group. Its select is the only place where a
// group waits (G10), and it ends when no member is running any more (G6).
func (l *loop) run() {
	for l.group.proceed(); !l.group.done(); l.group.proceed() {
		select {
		case signal, open := <-l.signals:
			l.takeSignal(signal, open)
		case p := <-l.exits:
			l.takeExit(p)
		case <-l.readiness():
			l.awaited.seenReady = true
		case member, open := <-l.inserts:
			l.insert(member, open)
		case call := <-l.calls:
			call()
		}
	}
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
	case p := <-l.exits:
		l.takeExit(p)
	default:
		return false
	}
	return true
}

func (l *loop) takeSignal(signal os.Signal, open bool) {
	switch {
	case !open:
		l.signals = nil // G3: a closed channel would be received from for ever
	case signal != nil:
		l.propagate(signal)
	}
}

func (l *loop) takeExit(p *process) {
	l.running--
	l.group.exited(p)
	l.memberFailed()
}

// memberFailed shuts the group down if nothing did before (G4), and if there
// is a termination signal to do it with (G5).
func (l *loop) memberFailed() {
	if l.signal == nil && l.termination != nil {
		l.propagate(l.termination)
	}
}

func (l *loop) propagate(signal os.Signal) {
	previous := l.signal
	l.signal = signal
	l.group.propagate(signal, previous)
}

func (l *loop) start(p *process) {
	l.running++
	p.start(l.exits)
}

func (l *loop) becomeReady() {
	if l.announce != nil {
		close(l.announce)
	}
}
