package service

import (
	"fmt"
	"os"
)

// A phase is what a running service is doing.
type phase int

const (
	starting phase = iota
	working
	draining
	stopping
	forced
)

func (r *running) takeSignal(signal os.Signal) {
	r.pollReady()
	switch {
	case r.phase == working && r.options.Drain > 0 && signal != os.Interrupt:
		r.drain(signal)
	case r.phase == draining:
		r.endDrain() // in a hurry: this is not the second signal yet
	case r.phase == forced:
		r.over = true
	case r.phase == stopping && r.signaled:
		r.force("a second signal")
	default:
		r.signal(signal)
	}
}

// drain shows load balancers that the service is about to stop.
func (r *running) drain(signal os.Signal) {
	r.phase, r.first = draining, signal
	r.refusal.draining.Store(true)
	r.limit.Reset(r.options.Drain)
	r.options.Logger.Info("draining", "signal", signal.String(), "for", r.options.Drain)
}

func (r *running) endDrain() {
	r.limit.Stop()
	r.signal(r.first)
}

// signal passes the first signal to the root. A second one forces the stop.
func (r *running) signal(signal os.Signal) {
	r.refusal.stopping.Store(true)
	r.refusal.draining.Store(false)
	r.signaled = true
	r.send(signal)
	r.stop()
}

func (r *running) send(signal os.Signal) {
	r.pending = append(r.pending, signal)
}

// stop begins the stop, and its time limit.
func (r *running) stop() {
	if r.phase >= stopping {
		return
	}
	r.phase = stopping
	r.limit.Stop()
	if r.options.Grace > 0 {
		r.limit.Reset(r.options.Grace)
	}
	r.patience.Reset(r.options.Patience)
}

// pollReady is for what would be wrong if the root had become ready before it.
func (r *running) pollReady() {
	select {
	case <-r.ready:
		r.takeReady()
	default:
	}
}

func (r *running) takeReady() {
	r.ready = nil
	if r.phase == starting {
		r.phase = working
		r.limit.Stop()
	}
}

// takeStop is called when the root stops, whatever began that.
func (r *running) takeStop() {
	if r.phase == draining { // it stops by itself: the signal is late
		r.endDrain()
	}
	r.stop()
}

func (r *running) limitReached() {
	r.pollReady()
	switch r.phase {
	case starting:
		r.giveUp(fmt.Sprintf("the start took longer than %v", r.options.StartUp))
		r.send(terminate)
		r.stop()
	case draining:
		r.endDrain()
	case stopping:
		r.force(fmt.Sprintf("the stop took longer than %v", r.options.Grace))
	case forced:
		r.over = true
	}
}

// force asks the root to stop at once, and allows it Force for that.
func (r *running) force(reason string) {
	r.phase = forced
	r.giveUp(reason)
	r.send(os.Kill)
	r.limit.Stop()
	r.limit.Reset(r.options.Force)
}
