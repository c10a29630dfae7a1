package runners

import (
	"context"
	"fmt"
	"time"

	"github.com/seed-3b777528/grouper"
	"github.com/tedsuo/ifrit"
)

// Every returns a runner that calls f at once, and then at each interval, never
// twice at the same time. It is ready at once. A tick that falls within a call
// is dropped: after a call that takes 2.5 intervals, the next one begins with the
// third.
//
// An error of f ends the run, which returns it. A signal cancels the context of
// f, and ends the run when the current call has returned. If f then returns the
// error of the context, however wrapped, Run returns nil, as with a
// [grouper.ContextFunc]. To survive an error, let f log it and return nil; to
// try again sooner, see [Restart].
//
// With an interval of 0 or less, Run returns an error without having been
// ready, and never calls f. With a nil f it returns [grouper.ErrNilRunner]. The
// runner may be run whenever f may be called; each run has its own ticks.
func Every(interval time.Duration, f func(context.Context) error) ifrit.Runner {
	if f == nil {
		return grouper.ContextFunc(nil)
	}
	return grouper.ContextFunc(func(ctx context.Context, ready func()) error {
		if interval <= 0 {
			return fmt.Errorf("runners: Every: an interval of %v is no interval", interval)
		}
		ready()
		began := time.Now()
		for ctx.Err() == nil {
			if err := f(ctx); err != nil {
				return err
			}
			untilTick := interval - time.Since(began)%interval
			select {
			case <-time.After(untilTick):
			case <-ctx.Done():
			}
		}
		return nil
	})
}
