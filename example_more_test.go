package grouper_test

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/seed-3b777528/grouper"
	"github.com/tedsuo/ifrit"
)

// serve stands for a part of a service that runs until it is signaled.
func serve(ctx context.Context) error {
	<-ctx.Done()
	return ctx.Err()
}

// failing stands for a part of a service that breaks at once.
func failing(text string) ifrit.Runner {
	return ifrit.RunFunc(func(<-chan os.Signal, chan<- struct{}) error { return errors.New(text) })
}

// Who has failed in a tree, and which failure came first.
func ExampleFailures() {
	service := grouper.NewOrdered(os.Interrupt, grouper.Members{
		{Name: "log", Runner: grouper.WorkerFunc(serve)},
		{Name: "storage", Runner: grouper.NewParallel(os.Interrupt, grouper.Members{
			{Name: "store", Runner: failing("the disk is full")},
		})},
	})

	err := <-ifrit.Background(service).Wait()
	for _, failure := range grouper.Failures(err) {
		fmt.Printf("%s: %v\n", failure.Path, failure.Err)
	}

	// Output:
	// storage/store: the disk is full
}

// Each worker is started when the previous one is there. The loop ends with the
// last one, and leaves no listener behind.
func ExampleEntrances() {
	pool := grouper.NewDynamic(nil, 0, 10)
	process := ifrit.Invoke(pool)
	waiting := []string{"one", "two", "three"}
	insertNext := func() {
		pool.Client().Inserter() <- grouper.Member{Name: waiting[0], Runner: grouper.WorkerFunc(serve)}
		waiting = waiting[1:]
	}

	insertNext()
	for entrance := range grouper.Entrances(context.Background(), pool.Client()) {
		fmt.Println(entrance.Member.Name, "has entered")
		if len(waiting) == 0 {
			break
		}
		insertNext()
	}
	process.Signal(os.Interrupt)
	<-process.Wait()

	// Output:
	// one has entered
	// two has entered
	// three has entered
}

// The loop goes on until the group has exited.
func ExampleExits() {
	pool := grouper.NewDynamic(nil, 1, 10)
	process := ifrit.Invoke(pool)
	go func() {
		for _, name := range []string{"one", "two"} {
			pool.Client().Inserter() <- grouper.Member{Name: name, Runner: failing("broken")}
		}
		pool.Client().Close()
	}()

	for exit := range grouper.Exits(context.Background(), pool.Client()) {
		fmt.Println(exit.Member.Name, "has exited:", exit.Err)
	}
	fmt.Println("error:", <-process.Wait())

	// Output:
	// one has exited: broken
	// two has exited: broken
	// error: <nil>
}

// What load balancers ask: a group of which a member has failed is still ready
// by itself, but it cannot do its work.
func ExampleStatus_Ready() {
	broken := make(chan struct{})
	service := grouper.NewParallel(nil, grouper.Members{
		{Name: "api", Runner: grouper.WorkerFunc(serve)},
		{Name: "cache", Runner: grouper.WorkerFunc(func(context.Context) error {
			<-broken
			return errors.New("out of memory")
		})},
	})

	process := ifrit.Invoke(service)
	cache, _ := grouper.Find(service, "cache")
	status, _ := grouper.Inspect(service)
	fmt.Println(status.State, status.Ready(), status.WaitingFor())
	close(broken)
	<-cache.Wait()
	status, _ = grouper.Inspect(service)
	fmt.Println(status.State, status.Ready(), status.WaitingFor())
	process.Signal(os.Interrupt)
	<-process.Wait()

	// Output:
	// ready true []
	// ready false [cache]
}
