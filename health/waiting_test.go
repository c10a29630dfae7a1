package health_test

import (
	"errors"
	"os"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/seed-3b777528/grouper"
	"github.com/tedsuo/ifrit"
)

// H3: only members that are waited for are marked: not those below one whose
// wrapper has not passed the signal on.
func TestThePageMarksWhoIsWaitedFor(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		list, m := members("lost", "job")
		passOn := make(chan struct{})
		jobs := grouper.Wrap(grouper.NewParallel(nil, list), func(inside ifrit.Runner) ifrit.Runner {
			return ifrit.RunFunc(func(signals <-chan os.Signal, ready chan<- struct{}) error {
				held := make(chan os.Signal, 1)
				go func() {
					signal := <-signals
					<-passOn
					held <- signal
				}()
				return inside.Run(held, ready)
			})
		})
		root := grouper.NewOrdered(nil, grouper.Members{{Name: "jobs", Runner: jobs}})
		process := ifrit.Background(root)
		m["lost"].TriggerReady()
		m["job"].TriggerReady()
		synctest.Wait()
		m["lost"].TriggerExit(errors.New("lost"))
		process.Signal(os.Interrupt)
		synctest.Wait()
		status, _ := grouper.Inspect(root)
		if waiting := strings.Join(status.WaitingFor(), ", "); waiting != "jobs" {
			t.Fatalf("it waits for %s", waiting)
		}
		wantTable(t, root,
			"jobs parallel group | stopping waiting | 0s | starting 0s, ready 0s, stopping 0s",
			"jobs/lost | exited | 0s | starting 0s, ready 0s | error: lost",
			"jobs/job | ready | 0s | starting 0s, ready 0s")
		close(passOn)
		m["job"].WaitForSignal()
		m["job"].TriggerExit(nil)
	})
}
