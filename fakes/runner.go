package fakes

import (
	"os"
	"slices"
	"sync"

	"github.com/tedsuo/ifrit"
)

var _ ifrit.Runner = new(Runner)

// A Runner is an [ifrit.Runner] that a test drives by hand: it is ready when
// the test says so, and exits when and how the test says so. It reads its
// signals, records them, and does nothing else about them.
//
// Make one with [NewRunner]. Its methods may be called from any goroutine. It
// can be run again after it has exited, and several times at once: then
// [Runner.TriggerReady], [Runner.TryReady] and [Runner.TriggerExit] reach the
// latest run that has not exited. It imports no test framework, and it works
// inside a bubble of [testing/synctest].
type Runner struct {
	mu      sync.Mutex // guards what follows
	changed *sync.Cond
	starts  int
	running []*run // in the order of their starts
	latest  *run   // running or not; nil before the first one
}

// NewRunner returns a runner that has not been started yet.
func NewRunner() *Runner {
	r := new(Runner)
	r.changed = sync.NewCond(&r.mu)
	return r
}

// Run is called by the group or process that the runner is part of. It blocks
// until [Runner.TriggerExit], and returns the error given to that.
func (r *Runner) Run(signals <-chan os.Signal, ready chan<- struct{}) error {
	run := r.begin()
	defer r.end(run)
	for {
		select {
		case signal, open := <-signals:
			if !open {
				signals = nil
				continue
			}
			r.record(run, signal)
		case <-run.ready:
			if ready != nil {
				close(ready)
				ready = nil
			}
		case err := <-run.exit:
			return err
		}
	}
}

// WaitForStart blocks until the runner is running.
func (r *Runner) WaitForStart() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for len(r.running) == 0 {
		r.changed.Wait()
	}
}

// TriggerReady makes the runner ready. If it is not running, TriggerReady
// blocks until it is; if it is ready already, nothing happens.
func (r *Runner) TriggerReady() {
	for !r.TryReady() {
		r.WaitForStart()
	}
}

// TryReady makes the runner ready if it is running, and reports whether it is.
// It does not wait for a start. If the runner is ready already, nothing
// happens, and TryReady returns true.
func (r *Runner) TryReady() bool {
	run := r.last()
	return run != nil && run.becomeReady()
}

// TriggerExit makes the runner exit with an error or nil. If it is not running,
// TriggerExit blocks until it is.
func (r *Runner) TriggerExit(err error) {
	for run := r.last(); run == nil || !run.exitWith(err); run = r.last() {
		r.WaitForStart()
	}
}

// WaitForSignal blocks until the latest run has a signal that no earlier call
// has returned, and returns the oldest such signal.
func (r *Runner) WaitForSignal() os.Signal {
	r.mu.Lock()
	defer r.mu.Unlock()
	for r.latest == nil || r.latest.waited == len(r.latest.signals) {
		r.changed.Wait()
	}
	r.latest.waited++
	return r.latest.signals[r.latest.waited-1]
}

// Signals returns the signals that the latest run has got so far, in order. The
// latest run is the one that began last, even if it has exited. Signals does
// not wait.
func (r *Runner) Signals() []os.Signal {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.latest == nil {
		return nil
	}
	return slices.Clone(r.latest.signals)
}

// Starts returns how many times the runner was started. It does not wait.
func (r *Runner) Starts() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.starts
}

// Running reports whether the runner was started and has not exited. It does
// not wait.
func (r *Runner) Running() bool { return r.last() != nil }

// last returns the latest run that has not exited.
func (r *Runner) last() *run {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.running) == 0 {
		return nil
	}
	return r.running[len(r.running)-1]
}

func (r *Runner) begin() *run {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.starts++
	r.latest = newRun()
	r.running = append(r.running, r.latest)
	r.changed.Broadcast()
	return r.latest
}

func (r *Runner) end(ended *run) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.running = slices.DeleteFunc(r.running, func(other *run) bool { return other == ended })
	close(ended.over)
}

func (r *Runner) record(run *run, signal os.Signal) {
	r.mu.Lock()
	defer r.mu.Unlock()
	run.signals = append(run.signals, signal)
	r.changed.Broadcast()
}
