package grouper

import (
	"os"
	"sync/atomic"
	"time"

	"github.com/tedsuo/ifrit"
)

// An Event is a step of a member, of a run that a member has inside a [Wrap],
// or of the observed Runner itself.
type Event struct {
	Path   string        // servers/api; empty for the observed Runner itself
	Run    int           // 0: the member itself; n: the nth run of what a Wrap has inside
	State  State         // what it has come to
	At     time.Time     // when
	After  time.Duration // since the event before it of the same start of a member, or of the same run; 0 for starting, and for a member that was not started
	Signal os.Signal     // of StateStopping
	Err    error         // of StateExited
}

// Observe returns a Runner that runs another one, and calls observer with each
// step of it and of everything below it that [Inspect] can see:
//
//   - each started member is starting, ready, stopping once for each signal that
//     its group passes to it, and exited
//   - a member whose Runner is a group has failed when that never becomes ready
//     any more, although it is not shutting down
//   - what a member has inside a [Wrap] is starting, ready and exited, run by run
//   - a member that a dynamic group refuses to start is exited
//
// The observed Runner has the same steps, with an empty path: if it is a group,
// it is stopping with each signal that it propagates.
//
// One goroutine per run calls the observer, with one event after the other, in
// an order that agrees with what caused what. A slow observer delays nothing
// but the return of Run: events wait in memory, and Run returns when the Runner
// has exited and the observer has returned from the last event. A panic of the
// observer ends the program; after [runtime.Goexit] it is called no more.
// While members of other packages start, each may cost a goroutine.
//
// Observers may be nested, each with the paths below it. A nil runner is an
// exit with [ErrNilRunner], and a nil observer observes nothing. Observe itself
// only keeps its arguments, and what it returns may be run whenever the runner
// may; then the observer is called by several goroutines at once.
func Observe(runner ifrit.Runner, observer func(Event)) ifrit.Runner {
	return &observed{runner: runner, observer: observer}
}

type observed struct {
	runner   ifrit.Runner
	observer func(Event)
	latest   atomic.Pointer[groupRun] // for Inspect
}

func (o *observed) inner() ifrit.Runner { return o.runner }
func (o *observed) lastRun() *groupRun  { return o.latest.Load() }
func (o *observed) announces() bool     { return true }

func (o *observed) Run(signals <-chan os.Signal, ready chan<- struct{}) error {
	return runOutermost(o, signals, ready)
}

func (o *observed) runIn(p place, signals <-chan os.Signal, _ chan<- struct{}) error {
	if o.runner == nil {
		return ErrNilRunner
	}
	path, prefix, below := p.where()
	run := &observation{place: p, of: o, below: below}
	var s *sink
	if o.observer != nil {
		s = newSink(o.observer)
		run.path, run.observers = path, &observers{sink: s, skip: len(prefix)}
		run.below = &observers{sink: s, skip: len(prefix), outer: below}
	}
	run.enter(StateStarting, now(), nil, nil)
	return call(func() error { return run.perform(signals) }, func(err error, panicked bool) {
		if panicked {
			err = errPanicked
		}
		run.enter(StateExited, now(), nil, err)
		if s != nil {
			s.close()
			if !panicked { // a panic waits for nobody
				<-s.ended
			}
		}
	})
}

// An observation is one run of an Observe, and the place of what runs in it.
type observation struct {
	place     // of the Observe
	of        *observed
	lifecycle // of the observed Runner, for its own observer
	below     *observers
	passed    *queue[os.Signal] // the signals that the observation passes on; nil if what is inside takes them
}

// perform runs what is inside. A group says itself which signals it takes; to
// any other Runner they are passed on.
func (o *observation) perform(signals <-chan os.Signal) error {
	runner := o.of.runner
	if _, g := inside(runner); g != nil && !hasWrap(runner) {
		return runIn(o, runner, signals, nil)
	}
	o.passed = &queue[os.Signal]{out: make(chan os.Signal, 1)}
	ready := make(chan struct{})
	defer o.passed.drop()
	defer startWatcher(func(stop <-chan struct{}) { o.pass(signals, ready, stop) }).end()
	return runIn(o, runner, o.passed.out, ready)
}

// pass passes signals on, and readiness up, until what is inside has returned.
func (o *observation) pass(signals <-chan os.Signal, ready, stop <-chan struct{}) {
	for {
		select {
		case signal, open := <-signals:
			switch {
			case !open:
				signals = nil // G3
			case signal != nil:
				o.enter(StateStopping, now(), signal, nil)
				o.passed.send(signal)
			}
		case <-ready:
			o.becomeReady(now())
			ready = nil
		case <-stop:
			select {
			case <-ready: // G2
				o.becomeReady(now())
			default:
			}
			return
		}
	}
}

func (o *observation) where() (path, prefix string, below *observers) {
	path, prefix, _ = o.place.where()
	return path, prefix, o.below
}

func (o *observation) queue() *queue[os.Signal] {
	if o.passed != nil {
		return o.passed
	}
	return o.place.queue()
}

func (o *observation) host(run *groupRun) {
	o.of.latest.Store(run)
	o.place.host(run)
}

func (o *observation) becomeReady(at instant) {
	if o.enter(StateReady, at, nil, nil) {
		o.place.becomeReady(at)
	}
}

func (o *observation) fail(at instant) {
	o.enter(StateFailed, at, nil, nil)
	o.place.fail(at)
}

func (o *observation) takeSignal(at instant, signal os.Signal) {
	o.enter(StateStopping, at, signal, nil)
	o.place.takeSignal(at, signal)
}
