package grouper_test

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/seed-3b777528/grouper"
	"github.com/tedsuo/ifrit"
)

// holdTables is a part that runs until it is stopped.
func holdTables(ctx context.Context) error {
	<-ctx.Done()
	return nil
}

// importTables is a job that fails.
func importTables(context.Context) error { return errors.New("no such table") }

// A dynamic group whose failing member makes the program fail.
func ExampleReporting() {
	jobs := grouper.NewDynamic(os.Interrupt, 10, 0)
	service := grouper.NewOrdered(os.Interrupt, grouper.Members{
		{Name: "store", Runner: grouper.WorkerFunc(holdTables)},
		{Name: "jobs", Runner: grouper.Reporting(jobs)},
	})

	process := ifrit.Invoke(service)
	jobs.Client().Inserter() <- grouper.Member{Name: "import", Runner: grouper.WorkerFunc(importTables)}
	err := <-process.Wait()
	fmt.Println(grouper.Failures(err))

	// Output:
	// [{jobs/import no such table}]
}
