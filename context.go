package grouper

import (
	"context"
	"os"
	"slices"
	"sync"
)

// A ContextFunc is a member that takes a context, as an [ifrit.Runner]. The
// first signal cancels the context, with a [SignalError] as its cause, and the
// function is to return soon after. The member is ready from when the function
// has called ready, from any goroutine: the first call counts, if the function
// has not returned.
//
// What the function returns is the member's error, except that once the context
// is done, an error that consists of nothing but [context.Canceled] or the
// cause counts as nil: to return ctx.Err() is a clean stop.
//
// The context has no deadline, and no values but the profiler label and the
// trace task of the member, which [runtime/pprof.Do] and
// [runtime/trace.WithRegion] keep; inside a wrapper of another package, unless
// that was made with [Wrap], there is no label. It is done when the function
// has returned.
//
// As a member of a group a ContextFunc costs its own goroutine and no other.
// Run by anything else it costs one more, which passes the signals on. A nil
// function is an exit with [ErrNilRunner].
type ContextFunc func(ctx context.Context, ready func()) error

// A WorkerFunc is a [ContextFunc] that is ready when it begins: what many
// packages offer as func(ctx) error.
type WorkerFunc func(ctx context.Context) error

// A TaskFunc is a [ContextFunc] for what has to be done once, such as a
// migration. The member is ready when the function has returned nil, and then
// waits for a signal, so that its end stops nobody. An error is its exit, and
// so is an interruption by a signal: before the member was ready.
type TaskFunc func(ctx context.Context) error

// SignalError is the cause of the context of a [ContextFunc] that was
// signaled: [context.Cause] returns it. The zero value has no signal.
type SignalError struct{ Signal os.Signal }

// Error returns the signal in words.
func (e SignalError) Error() string { return "stopped by signal: " + textOf(e.Signal) }

// LaterSignals returns the channel of the signals that a [ContextFunc], a
// [WorkerFunc] or a [TaskFunc] gets after the first one, in their order, for
// members that stop at once when they are asked twice. The context is the
// function's, or one derived from it; for any other, and for nil, the channel
// is nil. It is never closed, and each signal is received once. If the first
// signal may be [os.Kill], look at the cause of the context.
func LaterSignals(ctx context.Context) <-chan os.Signal {
	if ctx == nil {
		return nil
	}
	later, _ := ctx.Value(laterSignals{}).(<-chan os.Signal)
	return later
}

// laterSignals is the key of their channel in a context.
type laterSignals struct{}

// Run implements [ifrit.Runner]. It blocks until the function has returned.
func (f ContextFunc) Run(signals <-chan os.Signal, ready chan<- struct{}) error {
	return runOutermost(contextMember(f), signals, ready)
}

// Run implements [ifrit.Runner]. It blocks until the function has returned.
func (f WorkerFunc) Run(signals <-chan os.Signal, ready chan<- struct{}) error {
	return runOutermost(workerMember(f), signals, ready)
}

// Run implements [ifrit.Runner]. It blocks until the function has returned an
// error or a signal has come.
func (f TaskFunc) Run(signals <-chan os.Signal, ready chan<- struct{}) error {
	return runOutermost(taskMember(f), signals, ready)
}

type (
	contextMember ContextFunc
	workerMember  WorkerFunc
	taskMember    TaskFunc
)

func (contextMember) announces() bool { return true }
func (workerMember) announces() bool  { return true }
func (taskMember) announces() bool    { return true }

func (f contextMember) runIn(p place, signals <-chan os.Signal, _ chan<- struct{}) error {
	if f == nil {
		return ErrNilRunner
	}
	return runContext(p, signals, ContextFunc(f))
}

func (f workerMember) runIn(p place, signals <-chan os.Signal, _ chan<- struct{}) error {
	if f == nil {
		return ErrNilRunner
	}
	return runContext(p, signals, func(ctx context.Context, ready func()) error {
		ready()
		return f(ctx)
	})
}

func (f taskMember) runIn(p place, signals <-chan os.Signal, _ chan<- struct{}) error {
	if f == nil {
		return ErrNilRunner
	}
	return runContext(p, signals, func(ctx context.Context, ready func()) error {
		if err := f(ctx); err != nil {
			return err
		}
		ready()
		<-ctx.Done()
		return nil
	})
}

func runContext(p place, signals <-chan os.Signal, f ContextFunc) error {
	ctx, cancel := context.WithCancelCause(p.context())
	defer cancel(nil)
	later, disconnect := connect(p, signals, func(signal os.Signal) { cancel(SignalError{signal}) })
	defer disconnect()
	ready := &readySwitch{place: p}
	defer ready.turnOff()
	err := f(context.WithValue(ctx, laterSignals{}, later), ready.becomeReady)
	if ctx.Err() != nil && onlyCancellation(err, context.Cause(ctx)) {
		return nil
	}
	return err
}

// connect has a function called with the first signal. It returns the channel
// of the others, and what ends that. The signals of a member that come straight
// from its group are in its queue, to which one run can be connected. All others
// are passed on by a goroutine.
func connect(p place, signals <-chan os.Signal, first func(os.Signal)) (later <-chan os.Signal, disconnect func()) {
	if q := p.queue(); q != nil && q.out == signals && q.connect(first) {
		return q.out, q.disconnect
	}
	q := &queue[os.Signal]{out: make(chan os.Signal, 1)}
	q.connect(first)
	w := startWatcher(func(stop <-chan struct{}) { passSignals(signals, q, stop) })
	return q.out, func() {
		w.end()
		q.drop()
	}
}

// passSignals passes signals on until it is stopped (G3).
func passSignals(signals <-chan os.Signal, to *queue[os.Signal], stop <-chan struct{}) {
	for {
		select {
		case signal, open := <-signals:
			if !open {
				signals = nil
			} else if signal != nil {
				to.send(signal)
			}
		case <-stop:
			return
		}
	}
}

// A readySwitch makes a member ready once, unless its function has returned.
type readySwitch struct {
	place place
	mu    sync.Mutex // guards off
	off   bool
}

func (r *readySwitch) becomeReady() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.off {
		r.off = true
		r.place.becomeReady(now())
	}
}

func (r *readySwitch) turnOff() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.off = true
}

// onlyCancellation reports whether every leaf of an error is context.Canceled
// or the cause. Comparing signals of incomparable types panics: they are no
// exception.
func onlyCancellation(err, cause error) (only bool) {
	defer func() {
		if recover() != nil {
			only = false
		}
	}()
	inner := unwrap(err)
	if len(inner) == 0 {
		return err == context.Canceled || err == cause
	}
	return !slices.ContainsFunc(inner, func(err error) bool { return !onlyCancellation(err, cause) })
}
