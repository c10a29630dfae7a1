package grouper_test

import (
	"context"
	"fmt"
	"os"

	"github.com/seed-3b777528/grouper"
	"github.com/tedsuo/ifrit"
)

// logged makes a wrapper that says when what is inside begins and ends. It is
// an ordinary Runner around a Runner: it knows nothing of groups.
func logged(name string) func(ifrit.Runner) ifrit.Runner {
	return func(inside ifrit.Runner) ifrit.Runner {
		return ifrit.RunFunc(func(signals <-chan os.Signal, ready chan<- struct{}) error {
			fmt.Println(name, "begins")
			err := inside.Run(signals, ready)
			fmt.Println(name, "ends with", err)
			return err
		})
	}
}

// untilStopped is a part that runs until it is stopped.
func untilStopped(ctx context.Context) error {
	<-ctx.Done()
	return nil
}

// A wrapper written by hand passes on signals and ready channels, and what it
// does besides is up to it.
func ExampleWrap_logging() {
	servers := grouper.NewParallel(os.Interrupt, grouper.Members{{Name: "api", Runner: grouper.WorkerFunc(untilStopped)}})
	service := grouper.NewOrdered(os.Interrupt, grouper.Members{
		{Name: "store", Runner: grouper.Wrap(grouper.WorkerFunc(untilStopped), logged("store"))},
		{Name: "servers", Runner: grouper.Wrap(servers, logged("servers"))},
	})

	process := ifrit.Invoke(service)
	_, found := grouper.Find(service, "servers/api")
	fmt.Println("servers/api runs:", found)
	process.Signal(os.Interrupt)
	<-process.Wait()

	// Output:
	// store begins
	// servers begins
	// servers/api runs: true
	// servers ends with <nil>
	// store ends with <nil>
}
