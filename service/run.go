package service

import (
	"errors"
	"os"
	"os/signal"
	"time"

	"github.com/seed-3b777528/grouper"
	"github.com/tedsuo/ifrit"
)

// Run runs a tree, from its root. It blocks until the root has exited, by
// itself or because of a signal, or until it gives up:
//
//   - The first of the Signals begins the stop. If the root is ready, /readyz
//     says no for as long as Drain, and only then does the root get the signal;
//     [os.Interrupt] and a second signal end that wait.
//   - If the stop takes longer than Grace, whatever began it, or if a second
//     signal comes, it is forced: Run logs which members it waits for, with the
//     drawn tree and the stacks of their goroutines, and the root gets [os.Kill].
//     Force later, or at a third signal, Run gives up.
//   - If the start takes longer than StartUp, the root is stopped.
//
// Run logs each step of each member, as [grouper.LogTo] does. While the root
// starts or stops, it also logs every Patience which members it waits for.
//
// Run returns what the root returned, or an error in which [errors.As] finds a
// [GaveUpError]: a start that took too long and a forced stop are never a
// success. If the server at Admin cannot listen, Run returns that error and
// starts nothing. A nil root is [grouper.ErrNilRunner]. Once Run has returned,
// none of its goroutines is left, except those of members that it gave up on.
// Signals belong to the whole program: do not call Run while another call has
// not returned.
func Run(root ifrit.Runner, options Options) error {
	options = options.withDefaults()
	signals := make(chan os.Signal, 16)
	if len(options.Signals) > 0 {
		signal.Notify(signals, options.Signals...)
		defer signal.Stop(signals)
	}
	return run(root, options, signals)
}

var errGoexit = errors.New("service: the root ended its goroutine with runtime.Goexit")

// run is Run with its signals from anywhere.
func run(root ifrit.Runner, options Options, signals <-chan os.Signal) error {
	r := newRunning(root, options)
	admin, err := startAdmin(options, r.root, &r.refusal)
	if err != nil {
		return err
	}
	defer admin.close()
	defer close(r.done)
	r.start()
	defer r.stopTimers()
	for !r.over {
		select {
		case signal := <-signals:
			r.takeSignal(signal)
		case <-r.ready:
			r.takeReady()
		case <-r.stops:
			r.takeStop()
		case <-r.limit.C:
			r.limitReached()
		case <-r.patience.C:
			r.logWaiting()
		case r.out() <- r.next():
			r.pending = r.pending[1:]
		case r.err = <-r.exited:
			r.rootExited = true
			r.over = true
		}
	}
	return r.result()
}

// A running is one run of a root. Only the goroutine of Run touches it, except
// for the refusal.
type running struct {
	options Options
	root    ifrit.Runner // observed
	refusal refusal

	toRoot  chan os.Signal
	pending []os.Signal   // on their way to the root
	ready   chan struct{} // of the root; nil once that was taken
	stops   chan struct{} // one per signal that the root takes
	exited  chan error
	done    chan struct{} // closed when nobody takes from stops any more

	phase      phase
	signaled   bool      // one of the Signals was for the root
	first      os.Signal // while draining: the signal that the root gets then
	limit      *time.Timer
	patience   *time.Ticker
	gaveUp     *GaveUpError
	rootExited bool
	err        error // of the root
	over       bool
}

func newRunning(root ifrit.Runner, options Options) *running {
	r := &running{
		options:  options,
		toRoot:   make(chan os.Signal),
		ready:    make(chan struct{}),
		stops:    make(chan struct{}),
		exited:   make(chan error, 1),
		done:     make(chan struct{}),
		limit:    time.NewTimer(0),
		patience: time.NewTicker(options.Patience),
	}
	r.limit.Stop()
	r.refusal.rootReady = r.ready
	logged := grouper.Observe(root, grouper.LogTo(options.Logger))
	r.root = grouper.Observe(logged, r.observe) // by itself: the log may be slow
	return r
}

func (r *running) observe(event grouper.Event) {
	if event.Path == "" && event.Run == 0 && event.State == grouper.StateStopping {
		select {
		case r.stops <- struct{}{}:
		case <-r.done:
		}
	}
}

func (r *running) start() {
	if r.options.StartUp > 0 {
		r.limit.Reset(r.options.StartUp)
	}
	go r.runRoot(r.ready)
}

// runRoot lets a panic end the program before Run can return.
func (r *running) runRoot(ready chan<- struct{}) {
	err := errGoexit
	defer func() {
		if cause := recover(); cause != nil {
			panic(cause)
		}
		r.exited <- err
	}()
	err = r.root.Run(r.toRoot, ready)
}

func (r *running) stopTimers() {
	r.limit.Stop()
	r.patience.Stop()
}

// out is nil while there is nothing to send.
func (r *running) out() chan<- os.Signal {
	if len(r.pending) == 0 {
		return nil
	}
	return r.toRoot
}

func (r *running) next() os.Signal {
	if len(r.pending) == 0 {
		return nil
	}
	return r.pending[0]
}

// giveUp records and logs which members are waited for. If Run has given up on
// the start before, that remains the reason.
func (r *running) giveUp(reason string) {
	status, _ := grouper.Inspect(r.root)
	gaveUp := &GaveUpError{Reason: reason, Status: status, WaitingFor: status.WaitingFor()}
	gaveUp.Stacks = stacksOf(gaveUp.WaitingFor)
	r.options.Logger.Error("giving up", "reason", reason, "waiting", quoted(gaveUp.WaitingFor),
		"tree", status.String(), "stacks", gaveUp.Stacks)
	if r.gaveUp == nil {
		r.gaveUp = gaveUp
	}
}

// logWaiting logs which members are waited for while the root starts or stops.
func (r *running) logWaiting() {
	if r.phase == working || r.phase == draining {
		return
	}
	status, _ := grouper.Inspect(r.root)
	r.options.Logger.Info("waiting", "state", string(status.State), "members", quoted(status.WaitingFor()))
}

// result is what Run returns. A root that exits by itself keeps the error that
// it returned.
func (r *running) result() error {
	if r.gaveUp == nil {
		return r.err
	}
	if r.rootExited {
		r.gaveUp.Err = r.err
	}
	return *r.gaveUp
}
