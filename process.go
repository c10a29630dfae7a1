package grouper

import (
	"context"
	"os"
	"runtime/pprof"
)

// A process is one running member: its Runner in a goroutine, the signals on
// their way to it, and its exit. It is the [ifrit.Process] of the member, and
// the place of what runs in it.
type process struct {
	member Member
	lifecycle
	signals queue[os.Signal] // lifecycle.mu is its lock
	ready   chan struct{}
	mailbox *mailbox        // of its group's loop
	ctx     context.Context // for what runs in it; has the label

	// lifecycle.mu guards these, too.
	err      error
	extra    *extra // nil until needed
	returned bool   // whether Run has

	entered bool // the loop's own, in a dynamic group

	// mailbox.mu guards these.
	listed bool
	exited bool
	rank   int32 // among the exits of the group; with it, a process has 256 bytes
	next   *process

	// These are of a member of a dynamic group; client.mu guards them.
	number int // among all that were started
	slot   int // among the running members
}

// An extra is what few processes need.
type extra struct {
	watcher *watcher    // of the ready channel
	hosted  *groupRun   // the run of a group that began here last
	wrapped *wrappedRun // the run inside a Wrap that began here last
	waiters []chan error
	task    *task // in an execution trace
}

// extraLocked returns the extra, which it makes if there is none.
func (p *process) extraLocked() *extra {
	if p.extra == nil {
		p.extra = new(extra)
	}
	return p.extra
}

// become makes the process that of a member. It allocates on the loop's
// goroutine, as allocating may take more stack than a member begins with.
func (p *process) become(member Member, prefix string) {
	p.member = member
	p.path = prefix + member.Name
	p.ctx = labeled(p.path)
}

// prepare makes the process what others may see of a member that starts, and has
// the loop count it as running. Then it is to be launched.
func (p *process) prepare(l *loop) {
	l.running++
	p.observers = l.observers
	p.mailbox = &l.mailbox
	p.signals.out, p.signals.mu = make(chan os.Signal, 1), &p.mu
	p.ready = make(chan struct{})
	p.mu.Lock()
	p.beginTask()
	p.enterLocked(StateStarting, l.clock.now(), nil, nil)
	p.mu.Unlock()
}

// launch runs the member on a new goroutine, which calls first before that.
func (p *process) launch(first func()) {
	if first == nil {
		go p.run()
		return
	}
	go func() {
		first()
		p.run()
	}()
}

// run is the member's goroutine.
func (p *process) run() {
	pprof.SetGoroutineLabels(p.ctx)
	var err error
	returned := false
	defer func() {
		if !returned {
			if !inGoexit() {
				return // G8: the member's panic goes on, and ends the program
			}
			err = errGoexit
		}
		p.end(err)
	}()
	err = runIn(p, p.member.Runner, p.signals.out, p.ready)
	returned = true
}

// end posts the exit. A member of a static group that was ready enters its exit
// itself. Otherwise the loop does: in a dynamic group, so that whoever sees the
// exit can use the name again (D3); and if the member was not ready, because the
// loop may have received its readiness without entering it yet (G2).
func (p *process) end(err error) {
	text := traced(err)
	p.mu.Lock()
	p.signals.dropLocked()
	p.stopWatchingLocked()
	p.err = err
	early := p.receiveReadyLocked(0) && !p.mailbox.dynamic
	var wake bool
	if early {
		wake = p.mailbox.addEntered(p, text)
	} else {
		wake = p.mailbox.addExit(p)
	}
	p.mu.Unlock()
	if early {
		p.mailbox.turns.pass(p)
	}
	if wake {
		p.mailbox.ring()
	}
}

// finish enters the exit if the member has not, and reports whether it was
// ready.
func (p *process) finish() (wasReady bool) {
	text := traced(p.err)
	p.mu.Lock()
	wasReady = p.receiveReadyLocked(0)
	p.mailbox.enter(p)
	p.answerLocked(text)
	p.mu.Unlock()
	p.mailbox.turns.pass(p)
	return wasReady
}

// answerLocked answers all that wait for the exit. It has been posted before, so
// that whatever they do next comes after it (L2).
func (p *process) answerLocked(text string) {
	p.endTask(text)
	if p.extra != nil {
		for _, waiter := range p.extra.waiters {
			waiter <- p.err
		}
		p.extra.waiters = nil
	}
}

// isStarting reports whether the member, which was started or will be, may
// still become ready.
func (p *process) isStarting(at instant) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return !p.receiveReadyLocked(at) && p.times.exited == 0
}

// receiveReadyLocked takes 0 for now.
func (p *process) receiveReadyLocked(at instant) bool {
	if p.times.ready == 0 && p.times.started != 0 {
		select {
		case <-p.ready:
			p.becomeReadyLocked(at)
		default:
		}
	}
	return p.times.ready != 0
}

func (p *process) becomeReadyLocked(at instant) {
	if at == 0 {
		at = now()
	}
	if p.enterLocked(StateReady, at, nil, nil) {
		p.log("ready", "")
	}
}

// received enters that the member is ready. The caller has received from the
// ready channel.
func (p *process) received(at instant) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.becomeReadyLocked(at)
}

// stop sends the member a signal of its group, and reports whether the member
// was still running. The text is the signal's, for an execution trace.
func (p *process) stop(at instant, signal os.Signal, text string) (running bool) {
	p.mu.Lock()
	p.receiveReadyLocked(at) // V3: it may have been ready before
	running = p.enterLocked(StateStopping, at, signal, nil)
	if running {
		p.log("signal", text)
		p.signals.sendLocked(signal)
	}
	p.mu.Unlock()
	return running
}

// Ready returns the channel that the member closes once it is ready.
func (p *process) Ready() <-chan struct{} {
	return p.ready
}

// Wait returns a new channel that gets one error when the member has exited.
func (p *process) Wait() <-chan error {
	waiter := make(chan error, 1)
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.times.exited != 0 {
		waiter <- p.err
	} else {
		extra := p.extraLocked()
		extra.waiters = append(extra.waiters, waiter)
	}
	return waiter
}

// Signal queues a signal for the member. It does not block (M2).
func (p *process) Signal(signal os.Signal) {
	if signal == nil {
		return
	}
	text := traced(signal)
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.times.exited == 0 {
		p.log("signal", text)
		p.signals.sendLocked(signal)
	}
}
