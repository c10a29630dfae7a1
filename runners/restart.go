package runners

import (
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/cenkalti/backoff/v5"
	"github.com/seed-3b777528/grouper"
	"github.com/tedsuo/ifrit"
)

// Restart returns a runner that runs another one, and after each exit pauses
// and runs it again, as the policy says. It is ready when a run becomes ready
// for the first time, whichever run that is, and stays ready while what is
// inside is down: members that depend on it must cope with that. As with any
// [grouper.Wrap], the tree shows the state inside, the number of runs and the
// last error, and [grouper.Status.Ready] is false while what is inside is not
// ready.
//
// After any signal, nothing is started again. During a run, this signal and all
// later ones are passed on to the run, and Run returns when that exits, with
// its error. During a pause, Run returns nil at once.
//
// Run blocks until an exit is not followed by another run, and returns the
// error of that exit. If Restart gives up, because the backoff stops or there
// would be too many restarts, Run returns an error that says so and wraps the
// last one. An error in which [errors.Is] finds [grouper.ErrRunTwice] or
// [grouper.ErrNilRunner] is never followed by another run: the runner inside
// must be one that can run again. A nil runner is such an error.
//
// The result may be run whenever the runner inside may; each run has its own
// backoff and its own count. Do not use Restart where a restart of the whole
// process is better, such as for a part that shares its state with others.
func Restart(runner ifrit.Runner, policy Policy) ifrit.Runner {
	return grouper.Wrap(runner, func(inside ifrit.Runner) ifrit.Runner {
		return &restarter{runner: inside, policy: policy}
	})
}

// A restarter is one run of a Restart.
type restarter struct {
	runner   ifrit.Runner
	policy   Policy
	restarts []time.Time // the latest, up to policy.Most, as the exits before them
}

func (r *restarter) Run(signals <-chan os.Signal, ready chan<- struct{}) error {
	pauses := r.policy.backoff()
	becomeReady := func() {
		if ready != nil {
			close(ready)
			ready = nil
		}
	}
	for poll(signals) == nil {
		a := try(r.runner, signals, becomeReady)
		if a.signaled || !r.policy.again(a.err) {
			return a.err
		}
		if r.isTooMany(a.exited) {
			return gaveUp(r.limit(), a.err)
		}
		if a.wasReadyFor(r.policy.healthy()) {
			pauses.Reset()
		}
		pause := pauses.NextBackOff()
		if pause == backoff.Stop {
			return gaveUp("as its backoff has stopped", a.err)
		}
		if await(signals, time.After(pause)) != nil {
			return nil
		}
	}
	return nil
}

// isTooMany counts a restart, unless it would be one too many.
func (r *restarter) isTooMany(exit time.Time) bool {
	if r.policy.Most <= 0 {
		return false
	}
	if len(r.restarts) == r.policy.Most {
		if r.policy.Within == 0 || exit.Sub(r.restarts[0]) < r.policy.Within {
			return true
		}
		r.restarts = r.restarts[1:]
	}
	r.restarts = append(r.restarts, exit)
	return false
}

func (r *restarter) limit() string {
	if r.policy.Within == 0 {
		return fmt.Sprintf("after %d restarts", r.policy.Most)
	}
	return fmt.Sprintf("after %d restarts within %v", r.policy.Most, r.policy.Within)
}

func gaveUp(why string, last error) error {
	if last == nil {
		return errors.New("runners: gave up restarting " + why)
	}
	return fmt.Errorf("runners: gave up restarting %s: %w", why, last)
}
