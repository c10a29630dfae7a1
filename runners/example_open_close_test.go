package runners_test

import (
	"context"
	"fmt"
	"os"

	"github.com/seed-3b777528/grouper"
	"github.com/seed-3b777528/grouper/runners"
	"github.com/tedsuo/ifrit"
)

// A database can be opened and closed.
type database struct{ isOpen bool }

// Open takes as long as the context lets it.
func (d *database) Open(context.Context) error {
	d.isOpen = true
	fmt.Println("opened")
	return nil
}

func (d *database) Close(context.Context) error {
	d.isOpen = false
	fmt.Println("closed")
	return nil
}

// A database is open before its users start, and is closed when they have
// stopped.
func ExampleOpenClose() {
	db := new(database)
	user := grouper.WorkerFunc(func(ctx context.Context) error {
		fmt.Println("the database is open:", db.isOpen)
		<-ctx.Done()
		fmt.Println("the database is open:", db.isOpen)
		return nil
	})

	process := ifrit.Invoke(grouper.NewOrdered(os.Interrupt, grouper.Members{
		{Name: "db", Runner: runners.OpenClose(db.Open, db.Close)},
		{Name: "user", Runner: user},
	}))
	process.Signal(os.Interrupt)
	fmt.Println("error:", <-process.Wait())

	// Output:
	// opened
	// the database is open: true
	// the database is open: true
	// closed
	// error: <nil>
}
