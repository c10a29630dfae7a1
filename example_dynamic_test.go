package grouper_test

import (
	"context"
	"fmt"

	"github.com/seed-3b777528/grouper"
	"github.com/tedsuo/ifrit"
)

// job returns a member that comes, does its work, and goes.
func job(name string) grouper.Member {
	return grouper.Member{Name: name, Runner: grouper.WorkerFunc(func(context.Context) error {
		fmt.Println(name, "runs")
		return nil
	})}
}

// Members come and go: a client inserts them while the group runs, and reads
// their exits until the last one. With a capacity of 1, each job waits for the
// one before it.
func ExampleNewDynamic() {
	pool := grouper.NewDynamic(nil, 1, 10)
	client := pool.Client()
	process := ifrit.Invoke(pool)

	for _, name := range []string{"import", "index", "export"} {
		client.Inserter() <- job(name)
	}
	client.Close()
	for exit := range grouper.Exits(context.Background(), client) {
		fmt.Println(exit.Member.Name, "exited:", exit.Err)
	}
	fmt.Println("error:", <-process.Wait())

	// Unordered output:
	// import runs
	// index runs
	// export runs
	// import exited: <nil>
	// index exited: <nil>
	// export exited: <nil>
	// error: <nil>
}
