package runners

import (
	"context"
	"os"

	"github.com/seed-3b777528/grouper"
)

// firstSignal returns the signal that has cancelled the context of a
// [grouper.ContextFunc], and nil if none has.
func firstSignal(ctx context.Context) os.Signal {
	cause, _ := context.Cause(ctx).(grouper.SignalError)
	return cause.Signal
}

// await blocks until a signal comes or done is closed. It returns the signal,
// or nil if there is none when done is closed (G3).
func await[T any](signals <-chan os.Signal, done <-chan T) os.Signal {
	for {
		select {
		case signal, open := <-signals:
			if signal != nil {
				return signal
			}
			if !open {
				signals = nil
			}
		case <-done:
			return poll(signals)
		}
	}
}

// poll returns a signal that is there already, or nil.
func poll(signals <-chan os.Signal) os.Signal {
	for {
		select {
		case signal, open := <-signals:
			if signal != nil || !open {
				return signal
			}
		default:
			return nil
		}
	}
}
