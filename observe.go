package grouper

import (
	"os"
	"sync/atomic"
	"time"

	"github.com/tedsuo/ifrit"
)

// An Event is one step in the life of a member, of a run inside a [Wrap], or of
// the observed Runner itself. [Observe] delivers it.
type Event struct {
	Path   string        // servers/api; empty for the observed Runner itself
	Run    int           // 0: the member itself; n: the nth run of what a Wrap has inside
	State  State         // what it has come to
	At     time.Time     // when
	After  time.Duration // since the event before it of the same start of a member, or of the same run; 0 for starting, and for a member that was not started
	Signal os.Signal     // of StateStopping
	Err    error         // of StateExited
}

// Observe returns a Runner that runs another one and calls observer with each
// step of it, and of everything below it that [Inspect] can see:
//
//   - A member starts, becomes ready, is stopping once for each signal that its
//     group passes to it, and exits. A member that is signaled while it starts
//     may become ready afterwards.
//   - A member that is a group fails when it can no longer become ready but is
//     not shutting down.
//   - Each run inside a [Wrap] starts, becomes ready and exits.
//   - A member that a dynamic group refuses to start only exits.
//
// The observed Runner takes the same steps, with an empty path. If it is a
// group, it is stopping with each signal that it propagates, including its
// termination signal.
//
// Each run calls the observer on one goroutine, one event after the other, in
// an order that agrees with cause and effect. A slow observer delays only the
// return of Run: events wait in memory, and Run returns once the Runner has
// exited and the observer has returned from the last event. A panic of the
// observer ends the program. An observer that calls [runtime.Goexit] is not
// called again.
//
// A run costs one goroutine, and another one unless the Runner is a group. A
// member may cost one more while it starts; a [ContextFunc] and a group do not.
//
// Observers nest: each sees everything below it, with paths from there. A nil
// observer observes nothing. With a nil runner, Run returns [ErrNilRunner] and
// no event comes. Observe only keeps its arguments. What it returns may be run
// again, and several times at once if the runner may; each run then calls the
// observer on its own goroutine.
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
func (o *observed) reportsReady() bool  { return true }

func (o *observed) Run(signals <-chan os.Signal, ready chan<- struct{}) error {
	return runOutermost(o, signals, ready)
}

func (o *observed) runIn(p place, signals <-chan os.Signal, _ chan<- struct{}) error {
	if o.runner == nil {
		return ErrNilRunner
	}
	run := o.begin(p)
	if !o.ofGroup() {
		return run.passOn(signals)
	}
	err := runIn(run, o.runner, signals, nil) // a loop neither panics nor ends its goroutine
	run.end(err, false)
	return err
}

// ofGroup reports whether what is inside is a group, which enters the signals
// that it takes itself. To any other Runner, the observation passes them on.
//
//go:noinline
func (o *observed) ofGroup() bool {
	_, g := inside(o.runner)
	return g != nil && !hasWrap(o.runner)
}

// begin is a function of its own for the same reason as that of a static group.
//
//go:noinline
func (o *observed) begin(p place) *observation {
	path, prefix, below := p.where()
	run := &observation{place: p, of: o, below: below}
	if o.observer != nil {
		run.sink = newSink(len(prefix), o.observer)
		run.path, run.observers = path, &observers{sink: run.sink}
		run.below = &observers{sink: run.sink, outer: below}
	}
	run.enter(StateStarting, now(), nil, nil)
	return run
}

// An observation is one run of an Observe, and the place of what runs in it.
type observation struct {
	place     // of the Observe
	of        *observed
	lifecycle // of the observed Runner, for its own observer
	below     *observers
	sink      *sink             // nil if nobody observes
	passed    *queue[os.Signal] // the signals that the observation passes on; nil if what is inside takes them
}

// end returns when the observer has. A panic waits for nobody.
func (o *observation) end(err error, panicked bool) {
	if panicked {
		err = errPanicked
	}
	o.enter(StateExited, now(), nil, err)
	if o.sink != nil {
		o.sink.close()
		if !panicked {
			<-o.sink.ended
		}
	}
}

// passOn runs what is not a group.
//
//go:noinline
func (o *observation) passOn(signals <-chan os.Signal) error {
	return call(func() error { return o.performPassing(signals) }, o.end)
}

func (o *observation) performPassing(signals <-chan os.Signal) error {
	o.passed = newQueue[os.Signal](1)
	ready := make(chan struct{})
	defer o.passed.drop()
	defer startWatcher(func(stop <-chan struct{}) { o.pass(signals, ready, stop) }).end()
	return runIn(o, o.of.runner, o.passed.out, ready)
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
				ready = o.receiveReady(ready) // V3: it may have been ready before
				o.enter(StateStopping, now(), signal, nil)
				o.passed.send(signal)
			}
		case <-ready:
			o.becomeReady(now())
			ready = nil
		case <-stop:
			o.receiveReady(ready) // G2
			return
		}
	}
}

// receiveReady looks whether what is inside is ready, and returns the channel on
// which it still may become so.
func (o *observation) receiveReady(ready <-chan struct{}) <-chan struct{} {
	select {
	case <-ready:
		o.becomeReady(now())
		return nil
	default:
		return ready
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
