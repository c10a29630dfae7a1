package grouper

import (
	"os"
	"syscall"
	"testing"
	"testing/synctest"

	"github.com/tedsuo/ifrit"
)

// P1, G2: a group whose members were all ready becomes so before the exit of
// one of them shuts it down. Only the loop's own goroutine can have all of it
// there for sure: here it is the test's.
func TestReadinessOfAllIsObservedBeforeAnExit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		leave := make(chan struct{})
		flash := ifrit.RunFunc(func(_ <-chan os.Signal, ready chan<- struct{}) error {
			<-leave
			close(ready)
			return nil
		})
		run := newRoster(Members{{"a", flash}, {"b", flash}, {"c", flash}})
		ready := make(chan struct{})
		run.termination, run.announce = syscall.SIGTERM, ready
		g := parallel{run}
		run.strategy = g

		g.proceed()
		close(leave)
		synctest.Wait()
		g.takeExit(<-g.exits)
		select {
		case <-ready:
		default:
			t.Error("the group is not ready")
		}
	})
}
