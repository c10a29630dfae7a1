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
		var g parallel
		ready := make(chan struct{})
		g.loop = loop{group: &g, termination: syscall.SIGTERM, announce: ready, exits: make(chan *process, 3)}
		g.processes = make([]process, 3)
		for i := range g.processes {
			g.processes[i].member = Member{"flash", flash}
		}

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
