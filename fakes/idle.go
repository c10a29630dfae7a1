package fakes

import (
	"context"

	"github.com/seed-3b777528/grouper"
	"github.com/tedsuo/ifrit"
)

// Idle returns a runner that does nothing: it is ready at once, and exits with
// nil on its first signal. It stands in for a part of a tree that a test is not
// about. It may be run any number of times, also at once, and in a bubble of
// [testing/synctest].
func Idle() ifrit.Runner {
	return grouper.WorkerFunc(func(ctx context.Context) error {
		<-ctx.Done()
		return nil
	})
}
