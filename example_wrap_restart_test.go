package grouper_test

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/seed-3b777528/grouper"
	"github.com/tedsuo/ifrit"
	"github.com/tedsuo/ifrit/restart"
)

// flaky fails a number of times, and then runs until it is signaled.
func flaky(failures int) ifrit.Runner {
	return grouper.WorkerFunc(func(ctx context.Context) error {
		if failures > 0 {
			failures--
			return errors.New("connection refused")
		}
		<-ctx.Done()
		return nil
	})
}

// The restarter of package ifrit runs a group again after each failure. The
// paths below the group stay what they are, and Inspect counts the runs.
func ExampleWrap_restart() {
	consumers := grouper.NewParallel(os.Interrupt, grouper.Members{{Name: "orders", Runner: flaky(2)}})
	restarted := grouper.Wrap(consumers, func(consumers ifrit.Runner) ifrit.Runner {
		return restart.Restarter{
			Runner: consumers,
			Load: func(consumers ifrit.Runner, err error) ifrit.Runner {
				fmt.Println("again, after:", grouper.Failures(err)[0].Err)
				return consumers
			},
		}
	})
	thirdRun := make(chan struct{})
	service := grouper.NewOrdered(os.Interrupt, grouper.Members{{Name: "consumers", Runner: restarted}})

	process := ifrit.Background(grouper.Observe(service, func(event grouper.Event) {
		if event.Path == "consumers" && event.Run == 3 && event.State == grouper.StateReady {
			close(thirdRun)
		}
	}))
	<-thirdRun
	status, _ := grouper.Inspect(service)
	fmt.Println("consumers, run", status.Members[0].Wrapped.Runs, "is", status.Members[0].Wrapped.State)
	for path := range status.All() {
		fmt.Println(path)
	}
	process.Signal(os.Interrupt)
	fmt.Println("error:", <-process.Wait())

	// Output:
	// again, after: connection refused
	// again, after: connection refused
	// consumers, run 3 is ready
	// consumers
	// consumers/orders
	// error: <nil>
}
