package service

import (
	"context"
	"errors"
	"os"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-3b777528/grouper"
	"github.com/seed-3b777528/grouper/fakes"
	"github.com/tedsuo/ifrit"
)

// T1, T8: a signal stops the root, whose result is that of Run.
func TestSignalStopsTheRoot(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tr := try(t, tree(grouper.Member{Name: "worker", Runner: worker}), Options{})
		tr.signal(syscall.SIGTERM)
		if err := tr.returned(0); err != nil {
			t.Error(err)
		}
		for _, line := range []string{"service ready", "member ready", "service stopping", "member exited", "service exited"} {
			if !strings.Contains(tr.log.String(), `msg="`+line+`"`) {
				t.Errorf("the log has no %q:\n%s", line, &tr.log)
			}
		}
	})
}

// T8: what the root returns by itself is what Run returns.
func TestRootFailsByItself(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		failing := grouper.WorkerFunc(func(context.Context) error { return errBoom })
		if err := try(t, tree(grouper.Member{Name: "failing", Runner: failing}), Options{}).returned(0); !errors.Is(err, errBoom) {
			t.Error(err)
		}
		if err := try(t, nil, Options{}).returned(0); !errors.Is(err, grouper.ErrNilRunner) {
			t.Error(err)
		}
	})
}

// T4: a start that takes too long is a stop, and no success, even if that stop
// has to be forced.
func TestStartUp(t *testing.T) {
	for _, stubborn := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			release := make(chan struct{})
			never := ifrit.RunFunc(func(signals <-chan os.Signal, _ chan<- struct{}) error {
				if signal := <-signals; signal != syscall.SIGTERM {
					t.Errorf("the root got %v", signal)
				}
				if stubborn {
					<-release
				}
				return errBoom
			})
			tr := try(t, tree(grouper.Member{Name: "never", Runner: never}), Options{StartUp: time.Minute, Grace: time.Minute})
			after := time.Minute
			if stubborn {
				after += time.Minute + time.Second
			}
			gaveUp := tr.gaveUp(after, "the start took longer than 1m0s", "never")
			if gaveUp.Status.State != grouper.StateStarting || errors.Is(gaveUp, errBoom) == stubborn {
				t.Errorf("gave up with %+v", gaveUp)
			}
			close(release)
		})
	}
	synctest.Test(t, func(t *testing.T) {
		tr := try(t, tree(grouper.Member{Name: "worker", Runner: worker}), Options{StartUp: time.Minute})
		time.Sleep(time.Hour)
		tr.signal(syscall.SIGTERM)
		if err := tr.returned(time.Hour); err != nil {
			t.Error(err)
		}
	})
}

// T5: while the root starts or stops, it is logged who is waited for.
func TestPatience(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slow := fakes.NewRunner()
		tr := try(t, tree(grouper.Member{Name: "slow", Runner: slow}), Options{Patience: time.Second})
		waits := func() int { return strings.Count(tr.log.String(), "msg=waiting") }
		time.Sleep(3*time.Second + time.Second/2)
		if waits() != 3 || !strings.Contains(tr.log.String(), "members=[slow]") {
			t.Errorf("the log says:\n%s", &tr.log)
		}
		slow.TriggerReady()
		time.Sleep(time.Hour)
		if waits() != 3 {
			t.Errorf("the log says, while the root is ready:\n%s", &tr.log)
		}
		tr.signal(syscall.SIGTERM)
		time.Sleep(2*time.Second + time.Second/2)
		slow.TriggerExit(nil)
		synctest.Wait()
		if waits() != 5 {
			t.Errorf("the log says:\n%s", &tr.log)
		}
	})
}
