package grouper

import (
	"os"
	"slices"
)

// A strategy makes the decisions of one run of a group, each kind in its own
// way. Only the loop calls it, one call after the other: decisions need neither
// locks nor goroutines.
type strategy interface {
	// proceed does what is due. The loop calls it before each wait.
	proceed(l *loop)
	// ready handles the news that a member may have become ready.
	ready(p *process)
	// exited handles a member's exit.
	exited(l *loop, p *process, wasReady bool)
	// propagate passes on the latest signal. The previous one is nil the first
	// time.
	propagate(l *loop, previous os.Signal)
	// done reports whether Run is to return.
	done(l *loop) bool
}

// A loop is the one goroutine of a group, the one that Run is called on. It
// handles one event after the other and keeps the rules of every group (G); the
// strategy decides what follows from an event.
//
// It never yields, spins or polls: the scheduler runs a goroutine that blocks as
// soon as it is woken, but one that yields only after all others that can run.
//
// All that follows from an event just fits in the stack that a goroutine begins
// with. For that, some functions are not inlined, and some locks have no defer.
type loop struct {
	place       place
	observers   *observers // of the members
	corked      bool       // whether it has corked their sinks
	termination os.Signal
	signals     <-chan os.Signal
	mailbox     mailbox
	clock       clock
	running     int         // members that were started and whose exit was not taken yet
	awaiting    [4]*process // members whose ready channels are waited for; others are nil

	progress

	// Only a dynamic group has these.
	inserts <-chan Member // nil while none can be accepted
	insert  func(l *loop, member Member, open bool)
	calls   <-chan func() // what others want done between two events
}

// run is the whole life of a group. It waits nowhere else (G10), and ends when
// no member is running any more (G6).
func (l *loop) run(s strategy) {
	l.cork()
	for s.proceed(l); !s.done(l); s.proceed(l) {
		l.clock.move()
		l.uncork()
		if l.waitsForMore() {
			l.waitForAll(s)
			continue
		}
		select {
		case signal, open := <-l.signals:
			l.takeSignal(s, signal, open)
		case <-l.mailbox.wake:
			l.takeNews(s)
		case <-l.readiness(0):
			l.receivedReady(s, 0)
		}
	}
	l.enter(StateExited, l.clock.now())
	l.uncork()
}

// cork keeps the observers asleep while the loop handles an event, however many
// steps follow from it. It may be called again before uncork.
func (l *loop) cork() {
	if l.observers != nil && !l.corked {
		l.corked = true
		l.observers.cork()
	}
}

func (l *loop) uncork() {
	if l.corked {
		l.corked = false
		l.observers.uncork()
	}
}

// waitsForMore reports whether the loop waits for inserts, calls or several
// members. Mostly it does not, and a select costs time for each of its cases.
func (l *loop) waitsForMore() bool {
	return l.calls != nil || l.awaiting[1] != nil || l.awaiting[2] != nil || l.awaiting[3] != nil
}

// waitForAll waits for all that a loop may wait for.
//
//go:noinline
func (l *loop) waitForAll(s strategy) {
	select {
	case signal, open := <-l.signals:
		l.takeSignal(s, signal, open)
	case <-l.mailbox.wake:
		l.takeNews(s)
	case <-l.readiness(0):
		l.receivedReady(s, 0)
	case <-l.readiness(1):
		l.receivedReady(s, 1)
	case <-l.readiness(2):
		l.receivedReady(s, 2)
	case <-l.readiness(3):
		l.receivedReady(s, 3)
	case member, open := <-l.inserts:
		l.cork()
		l.insert(l, member, open)
	case call := <-l.calls:
		l.cork()
		call()
	}
}

func (l *loop) readiness(place int) <-chan struct{} {
	if p := l.awaiting[place]; p != nil {
		return p.ready
	}
	return nil
}

func (l *loop) receivedReady(s strategy, place int) {
	l.cork()
	p := l.awaiting[place]
	l.awaiting[place] = nil
	p.received(l.clock.now())
	s.ready(p)
}

// await has the loop wait until the member is ready, and reports whether it can
// wait for one more.
func (l *loop) await(p *process) bool {
	if slices.Contains(l.awaiting[:], p) {
		return true
	}
	free := slices.Index(l.awaiting[:], nil)
	if free < 0 {
		return false
	}
	l.awaiting[free] = p
	return true
}

func (l *loop) stopAwaiting(p *process) {
	for i := range l.awaiting {
		if l.awaiting[i] == p {
			l.awaiting[i] = nil
		}
	}
}

// poll takes a signal or news that is already there, and reports whether there
// was any.
func (l *loop) poll(s strategy) bool {
	select {
	case signal, open := <-l.signals:
		l.takeSignal(s, signal, open)
		return true
	default:
		return l.takeNews(s)
	}
}

func (l *loop) takeSignal(s strategy, signal os.Signal, open bool) {
	switch {
	case !open:
		l.signals = nil // G3: a closed channel could be received from forever
	case signal != nil:
		l.propagate(s, signal)
	}
}

// newsAtOnce limits the news that the loop takes before it looks for a signal.
const newsAtOnce = 64

// takeNews takes the news that is there, and reports whether there was any.
func (l *loop) takeNews(s strategy) (some bool) {
	l.cork()
	for range newsAtOnce {
		p, exited, entered := l.mailbox.take()
		switch {
		case p == nil:
			return some
		case exited:
			l.takeExit(s, p, entered)
		default:
			s.ready(p)
		}
		some = true
	}
	l.mailbox.ringAgain()
	return some
}

func (l *loop) takeExit(s strategy, p *process, entered bool) {
	l.running--
	wasReady := entered || p.finish()
	l.stopAwaiting(p)
	s.exited(l, p, wasReady)
	l.memberFailed(s)
}

// memberFailed shuts the group down with its termination signal (G4), unless
// that is nil (G5) or the shutdown has begun.
func (l *loop) memberFailed(s strategy) {
	if !l.shuttingDown() && l.termination != nil {
		l.propagate(s, l.termination)
	}
}

func (l *loop) propagate(s strategy, signal os.Signal) {
	l.cork()
	previous := l.signal
	l.enterSignal(signal)
	s.propagate(l, previous)
}

//go:noinline
func (l *loop) enterSignal(signal os.Signal) {
	l.place.takeSignal(l.clock.now(), signal)
	l.enterStopping(l.clock.now(), signal)
}

// becomeReady has nobody see the state before the place has told it, nor another
// state once the ready channel is closed.
func (l *loop) becomeReady() {
	l.mu.Lock()
	l.place.becomeReady(l.clock.now())
	l.times.enter(StateReady, l.clock.now())
	l.mu.Unlock()
}

// fail says that the group never becomes ready.
func (l *loop) fail() {
	l.place.fail(l.clock.now())
	l.enter(StateFailed, l.clock.now())
}
