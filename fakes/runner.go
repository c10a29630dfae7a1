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
// can be run again after it has exited; if it is run several times at once,
// each call that drives it reaches one of the runs. It imports no test
// framework, and it works inside a bubble of [testing/synctest].
type Runner struct {
	ready chan struct{}
	exit  chan error

	mu      sync.Mutex // guards what follows
	changed *sync.Cond
	starts  int
	running int
	signals []os.Signal
	waited  int // how many of the signals WaitForSignal has returned
}

// NewRunner returns a runner that was not started yet.
func NewRunner() *Runner {
	r := &Runner{
		ready: make(chan struct{}),
		exit:  make(chan error),
	}
	r.changed = sync.NewCond(&r.mu)
	return r
}

// Run is for the group or process that the runner is part of. It returns the
// error that [Runner.TriggerExit] gives it.
func (r *Runner) Run(signals <-chan os.Signal, ready chan<- struct{}) error {
	r.begin()
	defer r.end()
	for {
		select {
		case signal, open := <-signals:
			if !open {
				signals = nil
				continue
			}
			r.record(signal)
		case <-r.ready:
			if ready != nil {
				close(ready)
				ready = nil
			}
		case err := <-r.exit:
			return err
		}
	}
}

// WaitForStart returns as soon as the runner is running.
func (r *Runner) WaitForStart() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for r.running == 0 {
		r.changed.Wait()
	}
}

// TriggerReady makes the runner ready, once it was started. If it is ready
// already, nothing happens.
func (r *Runner) TriggerReady() {
	r.ready <- struct{}{}
}

// TriggerExit makes the runner exit with an error or nil, once it was started.
func (r *Runner) TriggerExit(err error) {
	r.exit <- err
}

// WaitForSignal waits for a signal that no earlier call has returned, and
// returns the oldest such one that the latest run has got.
func (r *Runner) WaitForSignal() os.Signal {
	r.mu.Lock()
	defer r.mu.Unlock()
	for r.waited == len(r.signals) {
		r.changed.Wait()
	}
	r.waited++
	return r.signals[r.waited-1]
}

// Signals returns the signals that the latest run has got up to now, in their
// order. It does not wait.
func (r *Runner) Signals() []os.Signal {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.signals)
}

// Starts returns how many times the runner was started. It does not wait.
func (r *Runner) Starts() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.starts
}

// Running tells whether the runner was started and has not exited. It does
// not wait.
func (r *Runner) Running() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.running > 0
}

func (r *Runner) begin() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.starts++
	r.running++
	r.signals, r.waited = nil, 0
	r.changed.Broadcast()
}

func (r *Runner) end() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.running--
}

func (r *Runner) record(signal os.Signal) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.signals = append(r.signals, signal)
	r.changed.Broadcast()
}
