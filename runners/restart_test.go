package runners_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cenkalti/backoff/v5"
	"github.com/seed-3b777528/grouper"
	"github.com/seed-3b777528/grouper/fakes"
	"github.com/seed-3b777528/grouper/runners"
	"github.com/tedsuo/ifrit"
)

// aSecond is a backoff of one second each.
func aSecond() backoff.BackOff { return backoff.NewConstantBackOff(time.Second) }

// R7, R8: it runs again after an error, after a pause, is ready once, and the
// tree shows it.
func TestRestart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		flaky := fakes.NewRunner()
		root := grouper.NewOrdered(nil, grouper.Members{{Name: "flaky", Runner: runners.Restart(flaky, runners.Policy{Backoff: aSecond})}})
		r := start(t, root)
		flaky.WaitForStart()
		flaky.TriggerExit(errBoom)
		time.Sleep(time.Second)
		flaky.WaitForStart()
		if r.isReady() {
			t.Error("it was ready before any run was")
		}
		flaky.TriggerReady()
		if !r.isReady() {
			t.Error("it is not ready")
		}
		flaky.TriggerExit(errBoom)
		synctest.Wait()
		status, _ := grouper.Inspect(root)
		if wrapped := status.Members[0].Wrapped; status.Ready() || wrapped == nil || wrapped.Runs != 2 || wrapped.Err != errBoom {
			t.Errorf("the tree shows %+v", wrapped)
		}
		time.Sleep(time.Second)
		flaky.WaitForStart()
		r.signals <- term
		if signal := flaky.WaitForSignal(); signal != term {
			t.Errorf("it got %v", signal)
		}
		flaky.TriggerExit(nil)
		r.exits(nil)
		if flaky.Starts() != 3 {
			t.Errorf("it was started %d times", flaky.Starts())
		}
	})
}

func failing(err error) ifrit.Runner {
	return grouper.WorkerFunc(func(context.Context) error { return err })
}

// R7: a signal during a pause ends it at once, with nil; one before the exit was
// seen makes that exit the exit.
func TestRestartIsStopped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := start(t, runners.Restart(failing(errBoom), runners.Policy{Backoff: func() backoff.BackOff { return backoff.NewConstantBackOff(time.Hour) }}))
		synctest.Wait()
		began := time.Now()
		r.signals <- term
		r.exits(nil)
		if time.Since(began) != 0 {
			t.Error("the pause was not ended")
		}
		stopped := grouper.WorkerFunc(func(ctx context.Context) error { <-ctx.Done(); return errBoom })
		r = start(t, runners.Restart(stopped, runners.Policy{}))
		synctest.Wait()
		r.signals <- nil
		r.signals <- term
		r.exits(errBoom)
		start(t, runners.Restart(fakes.NewRunner(), runners.Policy{}), nil, term).exits(nil)
	})
}

// R7: giving up says so, wraps the last error, and comes without a pause.
func TestRestartGivesUp(t *testing.T) {
	for name, test := range map[string]struct {
		policy runners.Policy
		after  time.Duration
	}{
		"after Most":            {runners.Policy{Backoff: aSecond, Most: 3}, 3 * time.Second},
		"after Most in Within":  {runners.Policy{Backoff: aSecond, Most: 3, Within: time.Minute}, 3 * time.Second},
		"a backoff that stops":  {runners.Policy{Backoff: func() backoff.BackOff { return &backoff.StopBackOff{} }}, 0},
		"Most, after any pause": {runners.Policy{Backoff: aSecond, Most: 1}, time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				began := time.Now()
				err := <-start(t, runners.Restart(failing(errBoom), test.policy)).exit
				if !errors.Is(err, errBoom) || err == errBoom {
					t.Errorf("exited with %v", err)
				}
				if took := time.Since(began); took != test.after {
					t.Errorf("gave up after %v", took)
				}
			})
		})
	}
	synctest.Test(t, func(t *testing.T) {
		always := func(error) bool { return true }
		err := <-start(t, runners.Restart(failing(nil), runners.Policy{Backoff: aSecond, Most: 1, Again: always})).exit
		if err == nil || errors.Unwrap(err) != nil {
			t.Errorf("exited with %v", err)
		}
	})
}

// R7: restarts count only within Within.
func TestRestartsWithin(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := start(t, runners.Restart(failing(errBoom), runners.Policy{Backoff: aSecond, Most: 3, Within: 3 * time.Second}))
		time.Sleep(time.Hour)
		if !r.isRunning() {
			t.Error("it gave up")
		}
		r.signals <- term
		r.exits(nil)
	})
}

// R7: some exits are never followed by another run, and Again decides on others.
func TestRestartNotAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		always := runners.Policy{Again: func(error) bool { return true }}
		start(t, runners.Restart(failing(nil), runners.Policy{})).exits(nil)
		start(t, runners.Restart(failing(errBoom), runners.Policy{Again: func(error) bool { return false }})).exits(errBoom)
		for _, last := range []error{grouper.ErrNilRunner, grouper.ErrRunTwice} {
			if err := <-start(t, runners.Restart(failing(fmt.Errorf("x: %w", last)), always)).exit; !errors.Is(err, last) {
				t.Error(err)
			}
		}
		if err := <-start(t, runners.Restart(nil, always)).exit; !errors.Is(err, grouper.ErrNilRunner) {
			t.Error(err)
		}
	})
}

// R7: a run that was ready for Healthy makes the backoff start anew.
func TestRestartIsHealthy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var began []time.Time
		flaky := grouper.WorkerFunc(func(ctx context.Context) error {
			began = append(began, time.Now())
			if len(began) == 3 {
				time.Sleep(time.Minute)
			}
			if len(began) == 4 {
				<-ctx.Done()
			}
			return errBoom
		})
		r := start(t, runners.Restart(flaky, runners.Policy{Backoff: func() backoff.BackOff { return &growing{} }}))
		time.Sleep(time.Hour)
		r.signals <- term
		r.exits(errBoom)
		for i, want := range []time.Duration{time.Second, 2 * time.Second, time.Minute + time.Second} {
			if pause := began[i+1].Sub(began[i]); pause != want {
				t.Errorf("run %d began %v after the one before", i+2, pause)
			}
		}
	})
}

// growing is a backoff of one second, then two, and so on.
type growing struct{ pauses, resets int }

func (g *growing) NextBackOff() time.Duration {
	g.pauses++
	return time.Duration(g.pauses) * time.Second
}

func (g *growing) Reset() {
	g.pauses = 0
	g.resets++
}

// R7: Healthy says for how long a run has to have been ready.
func TestRestartIsHealthyAsThePolicySays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		pauses := new(growing)
		policy := runners.Policy{Backoff: func() backoff.BackOff { return pauses }, Healthy: 10 * time.Second, Most: 2}
		ready := []time.Duration{10 * time.Second, 10*time.Second - 1, 0}
		run := 0
		err := <-start(t, runners.Restart(grouper.WorkerFunc(func(context.Context) error {
			time.Sleep(ready[run])
			run++
			return errBoom
		}), policy)).exit
		if pauses.resets != 1 || run != 3 || !errors.Is(err, errBoom) {
			t.Errorf("the backoff began anew %d times in %d runs: %v", pauses.resets, run, err)
		}
	})
}

// R7: the exit after a signal is the exit, even if the run never read the
// signal.
func TestRestartOfWhatReadsNoSignals(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		leave := make(chan struct{})
		deaf := ifrit.RunFunc(func(<-chan os.Signal, chan<- struct{}) error { <-leave; return errBoom })
		r := start(t, runners.Restart(deaf, runners.Policy{}))
		synctest.Wait()
		r.signals <- term
		r.signals <- term
		synctest.Wait()
		close(leave)
		r.exits(errBoom)
	})
}

// G3: a closed signals channel ends neither a run nor a pause.
func TestRestartWithAClosedSignalsChannel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		r := start(t, runners.Restart(failing(errBoom), runners.Policy{Backoff: aSecond, Most: 3}))
		close(r.signals)
		if err := <-r.exit; !errors.Is(err, errBoom) || time.Since(began) != 3*time.Second {
			t.Errorf("exited with %v after %v", err, time.Since(began))
		}
	})
}
