package runners

import (
	"errors"
	"time"

	"github.com/cenkalti/backoff/v5"
	"github.com/seed-3b777528/grouper"
)

// A Policy says when [Restart] runs a runner again. The zero Policy runs it
// again after each error, for ever. The defaults, which stand for a field's
// zero value:
//
//   - Again: the exit has an error
//   - Backoff: a [backoff.ExponentialBackOff] that begins with 100 ms, and
//     grows by half each time, to 30 s, each pause up to half as long again or
//     half as short
//   - Healthy: one minute
//   - Most: any number of restarts
//   - Within: for as long as Run runs
//
// Any number of runners may have the same Policy, at the same time, if its
// functions may be called so.
type Policy struct {
	// Again reports whether an exit is followed by another run. It is called
	// by the goroutine of Run, and not after a signal, nor for an error with
	// ErrRunTwice or ErrNilRunner in it.
	Again func(err error) bool
	// Backoff returns what says how long to pause before each restart. Each Run
	// calls it once, and alone uses what it returns, which must not be nil.
	// backoff.Stop is giving up.
	Backoff func() backoff.BackOff
	// Healthy is for how long a run has to have been ready for the backoff to
	// start anew after it.
	Healthy time.Duration
	// Most is how many restarts there may be within Within. Of one more,
	// Restart gives up.
	Most int
	// Within is the time from the first of these exits to the last.
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
