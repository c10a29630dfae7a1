package runners_test

import (
	"errors"
	"os"
	"syscall"
	"testing"
	"testing/synctest"

	"github.com/tedsuo/ifrit"
)

var errBoom = errors.New("boom")

// A run is a run of a runner, with channels that the test holds the other ends
// of: signals come in the order in which they are sent.
type run struct {
	t       *testing.T
	signals chan os.Signal
	ready   chan struct{}
	exit    chan error
}

func start(t *testing.T, runner ifrit.Runner, signals ...os.Signal) run {
	r := run{t, make(chan os.Signal, 10), make(chan struct{}), make(chan error, 1)}
	for _, signal := range signals {
		r.signals <- signal
	}
	go func() { r.exit <- runner.Run(r.signals, r.ready) }()
	return r
}

// exits waits for the exit, and compares its error.
func (r run) exits(want error) {
	r.t.Helper()
	if err := <-r.exit; err != want {
		r.t.Errorf("exited with %v, want %v", err, want)
	}
}

// isRunning is for bubbles.
func (r run) isRunning() bool {
	synctest.Wait()
	return len(r.exit) == 0
}

// isReady is for bubbles.
func (r run) isReady() bool {
	synctest.Wait()
	return isClosed(r.ready)
}

func isClosed(channel <-chan struct{}) bool {
	select {
	case <-channel:
		return true
	default:
		return false
	}
}

// incomparable is a signal that panics when it is compared with one of its
// type.
type incomparable []int

func (incomparable) String() string { return "incomparable" }
func (incomparable) Signal()        {}

var term = syscall.SIGTERM
