package groupertest_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-3b777528/grouper"
	"github.com/seed-3b777528/grouper/groupertest"
)

// A timed test has a deadline in its bubble.
type timed struct {
	*testing.T
	deadline time.Time
	cleanUp  func()
}

func (t *timed) Deadline() (time.Time, bool) { return t.deadline, true }
func (t *timed) Cleanup(f func())            { t.cleanUp = f }

// K1: a runner that exits in time is no failure, even if the test ends close to
// its deadline.
func TestStartOfATestThatEndsLate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slow := grouper.WorkerFunc(func(ctx context.Context) error {
			<-ctx.Done()
			time.Sleep(time.Second)
			return nil
		})
		late := &timed{T: t, deadline: time.Now().Add(time.Minute)}
		groupertest.Start(late, slow)
		time.Sleep(58 * time.Second)
		late.cleanUp()
	})
}
