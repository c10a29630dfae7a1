package fakes

import "os"

// A run is one run of a Runner.
type run struct {
	ready   chan struct{}
	exit    chan error
	over    chan struct{} // closed when it takes no more of these
	signals []os.Signal   // Runner.mu guards these
	waited  int           // how many of the signals WaitForSignal has returned
}

func newRun() *run {
	return &run{
		ready: make(chan struct{}),
		exit:  make(chan error),
		over:  make(chan struct{}),
	}
}

// becomeReady reports whether the run was there to become ready.
func (r *run) becomeReady() bool {
	select {
	case r.ready <- struct{}{}:
		return true
	case <-r.over:
		return false
	}
}

// exitWith reports whether the run was there to exit.
func (r *run) exitWith(err error) bool {
	select {
	case r.exit <- err:
		return true
	case <-r.over:
		return false
	}
}
