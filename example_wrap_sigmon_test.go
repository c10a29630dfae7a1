package grouper_test

import (
	"context"
	"fmt"
	"os"

	"github.com/seed-3b777528/grouper"
	"github.com/tedsuo/ifrit"
	"github.com/tedsuo/ifrit/sigmon"
)

// monitored is a part that runs until it is stopped.
func monitored(ctx context.Context) error {
	<-ctx.Done()
	return ctx.Err()
}

// A sigmon passes the signals of the operating system to what is inside. Made
// with Wrap, it leaves the whole tree visible.
func ExampleWrap() {
	tree := grouper.NewOrdered(os.Interrupt, grouper.Members{
		{Name: "store", Runner: grouper.WorkerFunc(monitored)},
		{Name: "servers", Runner: grouper.NewParallel(os.Interrupt, grouper.Members{
			{Name: "api", Runner: grouper.WorkerFunc(monitored)},
			{Name: "health", Runner: grouper.WorkerFunc(monitored)},
		})},
	})
	root := grouper.Wrap(tree, func(tree ifrit.Runner) ifrit.Runner { return sigmon.New(tree) })

	process := ifrit.Invoke(root)
	status, _ := grouper.Inspect(root)
	for path, member := range status.All() {
		fmt.Println(path, "is", member.State)
	}
	process.Signal(os.Interrupt)
	fmt.Println("error:", <-process.Wait())

	// Output:
	// store is ready
	// servers is ready
	// servers/api is ready
	// servers/health is ready
	// error: <nil>
}
