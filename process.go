package grouper

import (
	"os"
	"runtime"
	"runtime/trace"
	"sync"
)

// A process is one running member: its runner in a goroutine, the signals on
// their way to it, and its exit. Clients of a dynamic group get it as their
// [ifrit.Process].
type process struct {
	member  Member
	path    string // its name, below the names of the groups that it is in
	signals queue[os.Signal]
	ready   chan struct{}
	err     error // what Run returned, from when the exit is posted
	noted   lifecycle
	entered bool // whether the dynamic group has announced it
	number  int  // among all that the dynamic group has started

	mu      sync.Mutex // guards what follows
	exited  bool
	waiters []chan error
	task    *task // nil before anything was traced
}

// start runs the member of the group at a path, and posts its exit when that
// comes.
func (p *process) start(group string, exits chan<- *process, at int64) {
	p.path = p.member.Name
	if group != "" {
		p.path = group + "/" + p.path
	}
	p.signals.out = make(chan os.Signal, 1)
	p.ready = make(chan struct{})
	p.noted.started.note(at)
	go p.run(exits)
}

// run is the member's goroutine. It posts the exit before anybody who waits
// for it learns of it, so that whatever they do next comes after it.
func (p *process) run(exits chan<- *process) {
	setLabel(p.path)
	p.trace("start", "")
	returned := false
	defer func() {
		if !returned {
			if !inGoexit() {
				return // G8: the member's panic goes on, and ends the program
			}
			p.err = errGoexit
		}
		p.traceExit()
		exits <- p
		p.exit()
	}()
	p.err = p.runMember()
	returned = true
}

func (p *process) runMember() error {
	switch runner := p.member.Runner.(type) {
	case nil:
		return ErrNilRunner
	case group:
		return runner.runAt(p.path, p.signals.out, p.ready)
	default:
		return runner.Run(p.signals.out, p.ready)
	}
}

func (p *process) exit() {
	p.signals.drop()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.exited = true
	for _, waiter := range p.waiters {
		waiter <- p.err
	}
	p.waiters = nil
}

// isReady takes note of the member's readiness without waiting for it.
func (p *process) isReady(clock *clock) bool {
	if p.noted.ready.isNoted() {
		return true
	}
	select {
	case <-p.ready:
		p.becomeReady(clock)
		return true
	default:
		return false
	}
}

func (p *process) becomeReady(clock *clock) {
	if p.noted.ready.note(clock.now()) {
		p.trace("ready", "")
	}
}

// Ready is closed by the member once it is ready.
func (p *process) Ready() <-chan struct{} {
	return p.ready
}

// Wait gives a new channel that gets one error when the member has exited.
func (p *process) Wait() <-chan error {
	waiter := make(chan error, 1)
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.exited {
		waiter <- p.err
	} else {
		p.waiters = append(p.waiters, waiter)
	}
	return waiter
}

// Signal queues a signal for the member. It does not block (M2).
func (p *process) Signal(signal os.Signal) {
	if signal == nil {
		return
	}
	if trace.IsEnabled() {
		p.trace("signal", signal.String())
	}
	p.signals.send(signal)
}

// inGoexit tells a deferred function that runs because of [runtime.Goexit]
// from one that runs because of a panic, without recovering that panic.
func inGoexit() bool {
	callers := make([]uintptr, 16)
	frames := runtime.CallersFrames(callers[:runtime.Callers(2, callers)])
	for {
		frame, more := frames.Next()
		goexit := frame.Function == "runtime.Goexit"
		if goexit || frame.Function == "runtime.gopanic" || !more {
			return goexit
		}
	}
}

// A queue hands values to whoever reads its channel, in order and without
// ever making the sender wait. What the channel has no room for costs memory,
// and one goroutine that ends when all of it was read or dropped.
type queue[T any] struct {
	out chan T

	mu              sync.Mutex    // guards what follows
	unsent          []T           // what out had no room for, oldest first
	pump            chan struct{} // closed to end the pump, nil while there is none
	closed, dropped bool
}

// send appends a value, or drops it if the queue was dropped.
func (q *queue[T]) send(value T) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.dropped {
		return
	}
	if q.pump == nil {
		select {
		case q.out <- value:
			return
		default:
		}
		q.pump = make(chan struct{})
		go q.sendUnsent(q.pump)
	}
	q.unsent = append(q.unsent, value)
}

// sendUnsent is the pump: a goroutine, from the first value that out had no
// room for, to the last.
func (q *queue[T]) sendUnsent(dropped <-chan struct{}) {
	for value, more := q.next(); more; value, more = q.next() {
		select {
		case q.out <- value:
		case <-dropped:
			return
		}
	}
}

func (q *queue[T]) next() (value T, more bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.unsent) == 0 {
		q.unsent, q.pump = nil, nil
		if q.closed {
			close(q.out)
		}
		return value, false
	}
	value, q.unsent[0] = q.unsent[0], value
	q.unsent = q.unsent[1:]
	return value, true
}

// close ends the queue: its channel is closed behind the last value, and
// nothing may be sent any more.
func (q *queue[T]) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	if q.pump == nil {
		close(q.out)
	}
}

// drop ends the queue for its reader's sake: what was not read by now never
// is. The channel stays open.
func (q *queue[T]) drop() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.dropped = true
	if q.pump != nil {
		close(q.pump)
	}
}
