package runners

import (
	"errors"
	"time"

	"github.com/cenkalti/backoff/v5"
	"github.com/seed-3b777528/grouper"
)

// A Policy says when [Restart] runs a runner again. The zero Policy runs it
// again after each error, forever. These are the defaults, for fields with the
// zero value:
//
//   - Again: the exit has an error
//   - Backoff: a [backoff.ExponentialBackOff] that begins with 100 ms and grows
//     by half each time, up to 30 s, with each pause up to half longer or shorter
//   - Healthy: one minute
//   - Most: any number of restarts
//   - Within: for as long as Run runs
//
// Any number of runners may have the same Policy at the same time, if its
// functions may be called from several goroutines.
type Policy struct {
	// Again reports whether another run follows an exit. The goroutine of Run
	// calls it, but not after a signal, nor for an error that contains
	// ErrRunTwice or ErrNilRunner.
	Again func(err error) bool
	// Backoff returns the pauses before the restarts; it must not return nil.
	// Each Run calls it once, and shares the result with no other. On
	// backoff.Stop, Restart gives up.
	Backoff func() backoff.BackOff
	// Healthy is how long a run must have been ready for the backoff to start
	// over after it.
	Healthy time.Duration
	// Most limits the restarts: at an exit that would need more than Most of
	// them within Within, Restart gives up. With the default backoff, ten
	// restarts take some ten seconds, and 30 some nine minutes, but up to 14.
	Most int
	// Within is the time from the first of the exits that count to the last.
	Within time.Duration
}

func (p Policy) again(err error) bool {
	if errors.Is(err, grouper.ErrRunTwice) || errors.Is(err, grouper.ErrNilRunner) {
		return false
	}
	if p.Again != nil {
		return p.Again(err)
	}
	return err != nil
}

func (p Policy) backoff() backoff.BackOff {
	if p.Backoff != nil {
		return p.Backoff()
	}
	pauses := backoff.NewExponentialBackOff()
	pauses.InitialInterval = 100 * time.Millisecond
	pauses.MaxInterval = 30 * time.Second
	return pauses
}

func (p Policy) healthy() time.Duration {
	if p.Healthy != 0 {
		return p.Healthy
	}
	return time.Minute
}
