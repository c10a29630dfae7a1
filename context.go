package grouper

import (
	"context"
	"errors"
	"os"
	"reflect"
	"slices"
	"sync"
)

// A ContextFunc is a member that takes a context; Run makes it an
// [ifrit.Runner]. The first signal cancels the context with a [SignalError] as
// its cause, and the function should then return. The member is ready once the
// function has called ready, which it may do from any goroutine and any number
// of times. After the function has returned, ready does nothing.
//
// What the function returns is the member's error, with one exception: once the
// context is done, an error that consists only of [context.Canceled] or the
// cause, however wrapped or joined, counts as nil. So return ctx.Err() is a
// clean stop.
//
// The context has no deadline, and no values except the member's profiler label
// and trace task, so that [runtime/pprof.Do] and [runtime/trace.WithRegion] keep
// them. If a wrapper of another package runs the ContextFunc, they are missing,
// unless that is run through [Wrap]. The context is done when the function has
// returned.
//
// As a member of a group, a ContextFunc costs no goroutine but its own. Run by
// anything else, it costs one more, which passes signals on. A nil function
// exits with [ErrNilRunner].
type ContextFunc func(ctx context.Context, ready func()) error

// A WorkerFunc is a [ContextFunc] that is ready when it begins. Many packages
// offer such functions as func(ctx) error.
type WorkerFunc func(ctx context.Context) error

// A TaskFunc is a [ContextFunc] for what has to be done once, such as a
// migration. The member is ready when the function has returned nil. It then
// waits for a signal, so that its end stops nobody. If the function returns an
// error, or is interrupted by a signal, the member exits without having been
// ready.
type TaskFunc func(ctx context.Context) error

// SignalError is the cause of a [ContextFunc]'s context after a signal, as
// returned by [context.Cause]. The zero value has no signal.
type SignalError struct{ Signal os.Signal }

// Error returns the signal in words.
func (e SignalError) Error() string { return "stopped by signal: " + textOf(e.Signal) }

// LaterSignals returns the channel of the signals after the first one, in order,
// for members that stop at once when they are asked twice. The context is that
// of a [ContextFunc], a [WorkerFunc] or a [TaskFunc], or derived from it. For any
// other context, and for nil, the channel is nil.
//
// The channel is never closed, and all calls return the same one: each signal is
// received once. The first signal is not among them, even if it is [os.Kill]:
// find it in the cause of the context.
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

func (contextMember) reportsReady() bool { return true }
func (workerMember) reportsReady() bool  { return true }
func (taskMember) reportsReady() bool    { return true }

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
// of the later ones, and a function that ends the connection. Signals that come
// straight from a group are in the member's queue, to which one run can be
// connected. A goroutine passes on all others.
func connect(p place, signals <-chan os.Signal, first func(os.Signal)) (later <-chan os.Signal, disconnect func()) {
	if q := p.queue(); q != nil && q.out == signals && q.connect(first) {
		return q.out, q.disconnect
	}
	q := newQueue[os.Signal](1)
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
// or the cause. Leaves may say so by a method Is, as those of package net do.
func onlyCancellation(err, cause error) bool {
	inner := unwrap(err)
	if len(inner) == 0 {
		return isOrEquals(err, context.Canceled) || isOrEquals(err, cause)
	}
	return !slices.ContainsFunc(inner, func(err error) bool { return !onlyCancellation(err, cause) })
}

// isOrEquals is errors.Is, but also holds for equal errors of incomparable
// types, and does not panic: a signal in them may be of such a type.
func isOrEquals(err, target error) (is bool) {
	defer func() {
		if recover() != nil {
			is = reflect.DeepEqual(err, target)
		}
	}()
	return errors.Is(err, target)
}
