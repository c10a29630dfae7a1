package grouper_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"os"

	"github.com/seed-3b777528/grouper"
	"github.com/tedsuo/ifrit"
)

// A member that others depend on calls ready when they may start. Returning the
// error of its context is a clean stop.
func ExampleContextFunc() {
	echo := grouper.ContextFunc(func(ctx context.Context, ready func()) error {
		listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
		if err != nil {
			return err
		}
		defer listener.Close()
		context.AfterFunc(ctx, func() { listener.Close() })
		fmt.Println("listening")
		ready()
		for {
			connection, err := listener.Accept()
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if err != nil {
				return err
			}
			go io.Copy(connection, connection)
		}
	})
	client := grouper.WorkerFunc(func(ctx context.Context) error {
		fmt.Println("the echo is there")
		<-ctx.Done()
		return context.Cause(ctx)
	})

	process := ifrit.Invoke(grouper.NewOrdered(os.Interrupt, grouper.Members{
		{Name: "echo", Runner: echo},
		{Name: "client", Runner: client},
	}))
	process.Signal(os.Interrupt)
	fmt.Println("error:", <-process.Wait())

	// Output:
	// listening
	// the echo is there
	// error: <nil>
}

// A func(ctx) error, as many packages have, is a member as it is.
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

// A task that must be done before the rest starts, and whose end stops nobody.
func ExampleTaskFunc() {
	migrate := func(context.Context) error {
		fmt.Println("migrating")
		return nil
	}

	process := ifrit.Invoke(grouper.NewOrdered(os.Interrupt, grouper.Members{
		{Name: "migrate", Runner: grouper.TaskFunc(migrate)},
		{Name: "api", Runner: part("api")},
	}))
	fmt.Println("all are ready")
	process.Signal(os.Interrupt)
	fmt.Println("error:", <-process.Wait())

	// Output:
	// migrating
	// api is ready
	// all are ready
	// api stops
	// error: <nil>
}

// A member that finishes its work on the first signal, and drops it on the
// second.
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
