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

// echo listens, says that it is ready, and sends back what it gets. It returns
// the error of its context, which is a clean stop.
func echo(ctx context.Context, ready func()) error {
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
}

// needsEcho is a part that starts when the echo is ready.
func needsEcho(ctx context.Context) error {
	fmt.Println("the echo is there")
	<-ctx.Done()
	return context.Cause(ctx)
}

// A function that takes a context is a member. It calls ready when others may
// depend on it.
func ExampleContextFunc() {
	process := ifrit.Invoke(grouper.NewOrdered(os.Interrupt, grouper.Members{
		{Name: "echo", Runner: grouper.ContextFunc(echo)},
		{Name: "client", Runner: grouper.WorkerFunc(needsEcho)},
	}))
	process.Signal(os.Interrupt)
	fmt.Println("error:", <-process.Wait())

	// Output:
	// listening
	// the echo is there
	// error: <nil>
}
