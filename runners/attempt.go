package runners

import (
	"os"
	"sync"
	"time"

	"github.com/tedsuo/ifrit"
)

// An attempt is one run of what is inside a [Restart]. Read its fields only
// after it has ended.
type attempt struct {
	err      error
	signaled bool      // a signal had come when the exit was seen
	ready    time.Time // when it became ready; zero: it did not
	exited   time.Time

	toRun chan os.Signal
	byRun chan struct{} // its ready channel
	over  chan struct{} // closed when Run has returned
}

// try runs a runner on this goroutine, so that panics and runtime.Goexit pass
// through it. If the runner was ready, try has called becomeReady by the time
// it returns (G2).
func try(runner ifrit.Runner, signals <-chan os.Signal, becomeReady func()) *attempt {
	a := &attempt{
		toRun: make(chan os.Signal),
		byRun: make(chan struct{}),
		over:  make(chan struct{}),
	}
	var others sync.WaitGroup
	defer others.Wait()
	others.Go(func() { a.passSignals(signals) })
	others.Go(func() { a.passReady(becomeReady) })
	defer close(a.over)
	a.err = runner.Run(a.toRun, a.byRun)
	a.exited = time.Now()
	return a
}

func (a *attempt) passSignals(signals <-chan os.Signal) {
	for signal := await(signals, a.over); signal != nil; signal = await(signals, a.over) {
		a.signaled = true
		select {
		case a.toRun <- signal:
		case <-a.over:
			return
		}
	}
}

func (a *attempt) passReady(becomeReady func()) {
	select {
	case <-a.byRun:
	case <-a.over:
		select {
		case <-a.byRun:
		default:
			return
		}
	}
	a.ready = time.Now()
	becomeReady()
}

// wasReadyFor reports whether the attempt was ready for at least so long.
func (a *attempt) wasReadyFor(d time.Duration) bool {
	return !a.ready.IsZero() && a.exited.Sub(a.ready) >= d
}
