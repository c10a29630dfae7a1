package grouper

import (
	"errors"
	"os"
	"syscall"
	"testing"
	"testing/synctest"

	"github.com/tedsuo/ifrit"
)

// O1: an exit that is already there when a member turns out to be ready is
// handled before the next one is started. Only the loop's own goroutine can
// have both there for sure: here it is the test's.
func TestOrderedHandlesPendingExitBeforeNextStart(t *testing.T) {
	for _, test := range []struct {
		name        string
		termination os.Signal
		started     int
	}{
		{"with a termination signal it is the last start", syscall.SIGTERM, 1},
		{"G5: without one, the next start comes after it", nil, 2},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				leave := make(chan struct{})
				flash := ifrit.RunFunc(func(_ <-chan os.Signal, ready chan<- struct{}) error {
					<-leave
					close(ready)
					return errors.New("gone")
				})
				run := newRoster(Members{{"flash", flash}, {"flash", flash}})
				run.termination = test.termination
				g := &ordered{roster: run, direction: lastFirst}
				run.strategy = g

				g.proceed()
				close(leave)
				synctest.Wait()
				if g.started != 1 || len(g.exits) != 1 {
					t.Fatalf("%d started, %d exits pending", g.started, len(g.exits))
				}
				g.proceed()
				if g.started != test.started {
					t.Errorf("%d started, want %d", g.started, test.started)
				}
				if len(g.order) != 1 {
					t.Errorf("the exit was not handled: %v", g.order)
				}
			})
		})
	}
}
