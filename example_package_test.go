package grouper_test

import (
	"context"
	"fmt"
	"os"

	"github.com/seed-3b777528/grouper"
	"github.com/tedsuo/ifrit"
)

// upAndDown is a part of a service, written with a context: it is ready, works
// until it is stopped, and cleans up.
func upAndDown(name string) ifrit.Runner {
	return grouper.ContextFunc(func(ctx context.Context, ready func()) error {
		fmt.Println(name, "is ready")
		ready()
		<-ctx.Done()
		fmt.Println(name, "stops")
		return nil
	})
}

// A service is a tree of groups: each part starts when those before it are
// ready, and they stop in reverse. Package service runs such a root with
// signals, time limits and a status page.
func Example() {
	root := grouper.NewOrdered(os.Interrupt, grouper.Members{
		{Name: "store", Runner: upAndDown("store")},
		{Name: "worker", Runner: upAndDown("worker")},
		{Name: "servers", Runner: grouper.NewParallel(os.Interrupt, grouper.Members{
			{Name: "api", Runner: upAndDown("api")},
		})},
	})

	process := ifrit.Invoke(root)
	status, _ := grouper.Inspect(root)
	fmt.Println("the service is", status.State)
	process.Signal(os.Interrupt)
	if err := <-process.Wait(); err != nil {
		fmt.Println(err)
	}

	// Output:
	// store is ready
	// worker is ready
	// api is ready
	// the service is ready
	// api stops
	// worker stops
	// store stops
}
