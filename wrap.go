package grouper

import (
	"os"
	"runtime/pprof"
	"sync"
	"sync/atomic"
	"time"

	"github.com/tedsuo/ifrit"
)

// Wrap returns a Runner that runs another one inside a wrapper, such as sigmon,
// a restarter, or a few lines that log. What is inside stays part of the tree:
// [Inspect], paths, profiler labels, execution traces and observers see through
// a Wrap.
//
// Each run calls wrap once with a stand-in for the runner, and runs what wrap
// returns on the same goroutine, with the same signals and ready channels. To
// run the stand-in is to run the runner, on any goroutine and any number of
// times, even several times at once:
//
//	root := grouper.Wrap(tree, func(tree ifrit.Runner) ifrit.Runner {
//		return sigmon.New(tree)
//	})
//
// Whoever runs the stand-in sees it ready before it exits. Panics and
// [runtime.Goexit] pass through it. Once the wrapper has returned, observers no
// longer see what its stand-in runs.
//
// What wrap returns is itself not part of the tree: if it is a group, the paths
// of its members begin anew.
//
// A nil wrap is the identity. If the runner is nil, the run returns
// [ErrNilRunner] without calling wrap; it returns the same error if wrap returns
// nil. Wrap only keeps its arguments. What it returns may run whenever, and as
// often at once, as the runner and the wrapper allow. Until what is inside is
// ready, a Wrap costs one goroutine.
func Wrap(runner ifrit.Runner, wrap func(ifrit.Runner) ifrit.Runner) ifrit.Runner {
	if wrap == nil {
		wrap = func(runner ifrit.Runner) ifrit.Runner { return runner }
	}
	return &wrapped{runner: runner, wrap: wrap}
}

type wrapped struct {
	runner ifrit.Runner
	wrap   func(ifrit.Runner) ifrit.Runner
	latest atomic.Pointer[groupRun] // for Inspect
}

func (w *wrapped) inner() ifrit.Runner { return w.runner }
func (w *wrapped) lastRun() *groupRun  { return w.latest.Load() }
func (w *wrapped) reportsReady() bool  { return false }

func (w *wrapped) Run(signals <-chan os.Signal, ready chan<- struct{}) error {
	return runOutermost(w, signals, ready)
}

func (w *wrapped) runIn(p place, signals <-chan os.Signal, ready chan<- struct{}) error {
	if w.runner == nil {
		return ErrNilRunner
	}
	gate := new(gate)
	defer gate.close()
	wrapper := w.wrap(&standIn{w, p, ready, gate})
	if wrapper == nil {
		return ErrNilRunner
	}
	return wrapper.Run(signals, ready)
}

// hasWrap reports whether a Runner is a Wrap, or has one inside.
func hasWrap(runner ifrit.Runner) bool {
	switch runner := runner.(type) {
	case *wrapped:
		return true
	case wrapper:
		return hasWrap(runner.inner())
	}
	return false
}

// A standIn is what a wrapper gets in place of a Runner.
type standIn struct {
	of    *wrapped
	place place           // of the Wrap
	ready chan<- struct{} // of the Wrap
	gate  *gate           // closed when the wrapper has returned
}

// Run runs the Runner in the place of the Wrap.
func (s *standIn) Run(signals <-chan os.Signal, ready chan<- struct{}) error {
	r := s.begin(ready)
	return call(func() error { return r.perform(signals) }, func(err error, panicked bool) {
		if panicked {
			err = errPanicked
		}
		r.end(err)
	})
}

// begin begins a run, which is counted if there is no other Wrap inside (W4).
func (s *standIn) begin(ready chan<- struct{}) *wrappedRun {
	path, prefix, below := s.place.where()
	r := &wrappedRun{place: s.place, standIn: s, ready: ready}
	if below != nil {
		r.below = &observers{gate: s.gate, outer: below}
	}
	if prefix != "" {
		pprof.SetGoroutineLabels(s.place.context())
	}
	if !hasWrap(s.of.runner) {
		r.path, r.observers = path, r.below
		s.place.begin(r)
	}
	return r
}

// A wrappedRun is one run of a stand-in, and the place of what runs in it.
type wrappedRun struct {
	place   // of the Wrap
	standIn *standIn
	ready   chan<- struct{} // from the wrapper; may be nil
	inside  chan struct{}   // the ready channel inside; nil if what is inside reports its readiness
	below   *observers
	once    sync.Once // passes the readiness on

	lifecycle       // not used if the run is not counted
	err       error // lifecycle.mu guards it
}

func (r *wrappedRun) start(number int) {
	r.run = number
	r.enter(StateStarting, now(), nil, nil)
}

// perform runs what is inside. Unless that reports its readiness itself, one
// goroutine waits for it, and passes it on before the run returns (W5).
func (r *wrappedRun) perform(signals <-chan os.Signal) error {
	runner := r.standIn.of.runner
	if reportsReady(runner) {
		return runIn(r, runner, signals, nil)
	}
	r.inside = make(chan struct{})
	defer startWatcher(r.awaitReady).end()
	return runIn(r, runner, signals, r.inside)
}

func (r *wrappedRun) awaitReady(stop <-chan struct{}) {
	select {
	case <-r.inside:
		r.passReady(now())
	case <-stop:
		select {
		case <-r.inside:
			r.passReady(now())
		default:
		}
	}
}

func (r *wrappedRun) end(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.err = err
	r.enterLocked(StateExited, now(), nil, err)
}

// passReady passes on the readiness: to the place of the Wrap if the wrapper has
// passed on the Wrap's own ready channel, and otherwise to the wrapper.
func (r *wrappedRun) passReady(at instant) {
	r.once.Do(func() {
		r.enter(StateReady, at, nil, nil)
		switch {
		case r.ready != r.standIn.ready:
			closeReady(r.ready)
		case r.standIn.gate.isOpen():
			r.place.becomeReady(at)
		}
	})
}

func (r *wrappedRun) becomeReady(at instant) {
	r.passReady(at)
	closeReady(r.inside)
}

func (r *wrappedRun) fail(at instant) {
	if r.standIn.gate.isOpen() {
		r.place.fail(at)
	}
}

// takeSignal does nothing: the member's group has entered the signal.
func (r *wrappedRun) takeSignal(instant, os.Signal) {}

func (r *wrappedRun) where() (path, prefix string, below *observers) {
	path, prefix, _ = r.place.where()
	return path, prefix, r.below
}

func (r *wrappedRun) host(run *groupRun) {
	r.standIn.of.latest.Store(run)
	r.place.host(run)
}

func (r *wrappedRun) status(at time.Time) *WrappedStatus {
	r.mu.Lock()
	defer r.mu.Unlock()
	status := &WrappedStatus{Runs: r.run, Err: r.err}
	status.State, status.Since, status.For, status.Times = r.times.describe(at)
	return status
}
