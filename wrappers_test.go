package grouper_test

import (
	"os"

	"github.com/seed-3b777528/grouper"
	"github.com/tedsuo/ifrit"
	"github.com/tedsuo/ifrit/restart"
	"github.com/tedsuo/ifrit/sigmon"
)

// A wrapFunc is what Wrap takes.
type wrapFunc = func(ifrit.Runner) ifrit.Runner

// transparent makes a wrapper that does nothing but run what is inside.
func transparent(inside ifrit.Runner) ifrit.Runner {
	return ifrit.RunFunc(func(signals <-chan os.Signal, ready chan<- struct{}) error {
		return inside.Run(signals, ready)
	})
}

// again makes a wrapper that runs what is inside until it has been signaled, with
// a new ifrit.Process for each run.
func again(inside ifrit.Runner) ifrit.Runner {
	return restart.Restarter{Runner: inside, Load: func(runner ifrit.Runner, _ error) ifrit.Runner { return runner }}
}

// twice makes a wrapper that runs what is inside two times, on its own
// goroutine and with the same channels.
func twice(inside ifrit.Runner) ifrit.Runner {
	return ifrit.RunFunc(func(signals <-chan os.Signal, ready chan<- struct{}) error {
		_ = inside.Run(signals, ready)
		return inside.Run(signals, ready)
	})
}

// abandoned makes a wrapper that returns while what is inside goes on.
func abandoned(inside ifrit.Runner) ifrit.Runner {
	return ifrit.RunFunc(func(signals <-chan os.Signal, ready chan<- struct{}) error {
		go inside.Run(nil, ready)
		<-signals
		return nil
	})
}

// relaying makes a wrapper that runs what is inside with channels of its own.
func relaying(inside ifrit.Runner) ifrit.Runner {
	return ifrit.RunFunc(func(signals <-chan os.Signal, ready chan<- struct{}) error {
		own, isReady := make(chan os.Signal), make(chan struct{})
		done := make(chan error)
		go func() { done <- inside.Run(own, isReady) }()
		for {
			select {
			case signal := <-signals:
				own <- signal
			case <-isReady:
				close(ready)
				isReady = nil
			case err := <-done:
				return err
			}
		}
	})
}

// recovering makes a wrapper that returns what its inside panics with.
func recovering(inside ifrit.Runner) ifrit.Runner {
	return ifrit.RunFunc(func(signals <-chan os.Signal, ready chan<- struct{}) (err error) {
		defer func() {
			if reason := recover(); reason != nil {
				err = reason.(error)
			}
		}()
		return inside.Run(signals, ready)
	})
}

// sigmonned makes the wrapper that most services have around their root.
func sigmonned(inside ifrit.Runner) ifrit.Runner { return sigmon.New(inside) }

var wrappers = map[string]wrapFunc{
	"is nil":                      nil,
	"is the identity":             func(inside ifrit.Runner) ifrit.Runner { return inside },
	"passes everything on":        transparent,
	"is sigmon":                   sigmonned,
	"is restart":                  again,
	"wraps again":                 func(inside ifrit.Runner) ifrit.Runner { return grouper.Wrap(inside, transparent) },
	"observes":                    func(inside ifrit.Runner) ifrit.Runner { return grouper.Observe(inside, func(grouper.Event) {}) },
	"makes processes in a row":    func(inside ifrit.Runner) ifrit.Runner { return sigmonned(sigmonned(inside)) },
	"makes a member of a group":   func(inside ifrit.Runner) ifrit.Runner { return grouper.NewOrdered(nil, grouper.Members{{"x", inside}}) },
	"recovers from what is below": recovering,
}

// spinner is ready at once, has a goroutine of its own, and exits with an error
// at its first signal.
var spinner = ifrit.RunFunc(func(signals <-chan os.Signal, ready chan<- struct{}) error {
	stop := make(chan struct{})
	defer close(stop)
	go func() { <-stop }()
	close(ready)
	<-signals
	return errBoom
})
