package grouper

import (
	"os"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tedsuo/ifrit"
)

// I1: what the loop waits for is the loop's to receive. Some members send on
// their ready channel what only one can have. Only here nobody else receives.
func TestInspectTakesNothingThatTheLoopWaitsFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		send := make(chan struct{})
		sender := ifrit.RunFunc(func(_ <-chan os.Signal, ready chan<- struct{}) error {
			<-send
			ready <- struct{}{}
			return nil
		})
		closer := ifrit.RunFunc(func(_ <-chan os.Signal, ready chan<- struct{}) error {
			close(ready)
			return nil
		})
		run := newRoster(Members{{"first", closer}, {"second", sender}})
		g := parallel{run}
		run.strategy = g
		run.loop.noted.started.note(1)
		group := &staticGroup{kind: KindParallel}
		group.latest.Store(run)

		g.proceed()
		synctest.Wait()
		g.proceed()
		close(send)
		synctest.Wait()
		for range 2 {
			if got := group.inspect(time.Now(), anytime).Members[1].State; got != StateStarting {
				t.Error(got)
			}
		}
		if run.awaited != &run.processes[1] {
			t.Error("the loop waits for another one")
		}
		<-run.readiness()
	})
}

// I2: a member's error is told when it has exited, and not before its group
// has that.
func TestErrorIsToldWithTheExit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &process{member: Member{Name: "nobody"}}
		exits := make(chan *process)
		p.start("", exits, 1)
		synctest.Wait()
		if status := p.status(time.Now()); status.State != StateStarting || status.Err != nil {
			t.Error(status)
		}
		(<-exits).noted.exited.note(1)
		if status := p.status(time.Now()); status.State != StateExited || status.Err != ErrNilRunner {
			t.Error(status)
		}
	})
}
