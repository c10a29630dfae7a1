package grouper_test

import (
	"context"
	"fmt"
	"os"

	"github.com/seed-3b777528/grouper"
	"github.com/tedsuo/ifrit"
)

// A printer finishes what it prints, however long that takes.
type printer struct{ stopping, paper chan struct{} }

func (p printer) print(ctx context.Context) error {
	<-ctx.Done()
	close(p.stopping)
	<-p.paper
	return nil
}

// idle is a part that stops at once.
func idle(ctx context.Context) error {
	<-ctx.Done()
	return nil
}

// A shutdown that does not end: Inspect returns who holds it up.
func ExampleInspect() {
	printer := printer{stopping: make(chan struct{}), paper: make(chan struct{})}
	root := grouper.NewOrdered(os.Interrupt, grouper.Members{
		{Name: "store", Runner: grouper.WorkerFunc(idle)},
		{Name: "servers", Runner: grouper.NewParallel(os.Interrupt, grouper.Members{
			{Name: "printer", Runner: grouper.WorkerFunc(printer.print)},
		})},
	})

	process := ifrit.Invoke(root)
	process.Signal(os.Interrupt)
	<-printer.stopping // a program would wait for a time limit here
	status, _ := grouper.Inspect(root)
	fmt.Println("waiting for", status.WaitingFor())
	close(printer.paper)
	fmt.Println("error:", <-process.Wait())

	// Output:
	// waiting for [servers/printer]
	// error: <nil>
}
