package grouper_test

import (
	"context"
	"fmt"
	"os"

	"github.com/seed-3b777528/grouper"
	"github.com/tedsuo/ifrit"
)

// observed is a part that runs until it is stopped.
func observed(ctx context.Context) error {
	<-ctx.Done()
	return nil
}

// An observer is called with each step of a tree, in order.
func ExampleObserve() {
	service := grouper.NewOrdered(os.Interrupt, grouper.Members{
		{Name: "store", Runner: grouper.WorkerFunc(observed)},
		{Name: "servers", Runner: grouper.NewParallel(os.Interrupt, grouper.Members{
			{Name: "api", Runner: grouper.WorkerFunc(observed)},
		})},
	})
	root := grouper.Observe(service, func(event grouper.Event) {
		if event.Path == "" {
			event.Path = "service"
		}
		fmt.Println(event.Path, event.State)
	})

	process := ifrit.Invoke(root)
	process.Signal(os.Interrupt)
	<-process.Wait()

	// Output:
	// service starting
	// store starting
	// store ready
	// servers starting
	// servers/api starting
	// servers/api ready
	// servers ready
	// service ready
	// service stopping
	// servers stopping
	// servers/api stopping
	// servers/api exited
	// servers exited
	// store stopping
	// store exited
	// service exited
}
