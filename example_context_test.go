package grouper_test

import (
	"context"
	"fmt"
	"os"

	"github.com/seed-3b777528/grouper"
	"github.com/tedsuo/ifrit"
)

// What many packages offer as func(ctx) error is a member as it is.
func ExampleWorkerFunc() {
	consume := func(ctx context.Context) error {
		<-ctx.Done()
		fmt.Println(context.Cause(ctx))
		return ctx.Err()
	}

	process := ifrit.Invoke(grouper.WorkerFunc(consume))
	process.Signal(os.Interrupt)
	fmt.Println("error:", <-process.Wait())

	// Output:
	// stopped by signal: interrupt
	// error: <nil>
}

// What has to be done before the rest starts, and whose end stops nobody.
func ExampleTaskFunc() {
	migrate := func(context.Context) error {
		fmt.Println("migrating")
		return nil
	}

	serve := func(ctx context.Context) error {
		fmt.Println("serving")
		<-ctx.Done()
		return nil
	}

	process := ifrit.Invoke(grouper.NewOrdered(os.Interrupt, grouper.Members{
		{Name: "migrate", Runner: grouper.TaskFunc(migrate)},
		{Name: "api", Runner: grouper.WorkerFunc(serve)},
	}))
	process.Signal(os.Interrupt)
	fmt.Println("error:", <-process.Wait())

	// Output:
	// migrating
	// serving
	// error: <nil>
}

// A member that finishes its work when it is asked to stop, and drops it when
// it is asked twice.
func ExampleLaterSignals() {
	stopping := make(chan struct{})
	worker := grouper.WorkerFunc(func(ctx context.Context) error {
		<-ctx.Done()
		close(stopping)
		finished := make(chan struct{}) // never closed: this work takes too long
		select {
		case <-finished:
			return nil
		case signal := <-grouper.LaterSignals(ctx):
			return fmt.Errorf("dropped the work: %v", signal)
		}
	})

	process := ifrit.Invoke(worker)
	process.Signal(os.Interrupt)
	<-stopping
	process.Signal(os.Kill)
	fmt.Println("error:", <-process.Wait())

	// Output:
	// error: dropped the work: killed
}
