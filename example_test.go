package grouper_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"github.com/seed-3b777528/grouper"
	"github.com/tedsuo/ifrit"
)

// part is a part of a service that says what it does.
func part(name string) ifrit.Runner {
	return ifrit.RunFunc(func(signals <-chan os.Signal, ready chan<- struct{}) error {
		fmt.Println(name, "is ready")
		close(ready)
		<-signals
		fmt.Println(name, "stops")
		return nil
	})
}

// The parts of a pipeline stop in the order in which work passes them.
func ExampleNewQueueOrdered() {
	pipeline := grouper.NewQueueOrdered(os.Interrupt, grouper.Members{
		{Name: "receive", Runner: part("receive")},
		{Name: "store", Runner: part("store")},
	})

	process := ifrit.Invoke(pipeline)
	process.Signal(os.Interrupt)
	<-process.Wait()

	// Output:
	// receive is ready
	// store is ready
	// receive stops
	// store stops
}

// A full or closed group accepts no insert: where one does not want to wait,
// select says so.
func ExampleDynamicClient_inserter() {
	pool := grouper.NewDynamic(os.Interrupt, 1, 0)
	client := pool.Client()
	process := ifrit.Invoke(pool)

	insert := func(member grouper.Member) {
		select {
		case client.Inserter() <- member:
			fmt.Println(member.Name, "was inserted")
		case <-client.CloseNotifier():
			fmt.Println(member.Name, "comes too late")
		case <-time.After(10 * time.Millisecond):
			fmt.Println(member.Name, "found no room")
		}
	}
	worker := ifrit.RunFunc(func(signals <-chan os.Signal, ready chan<- struct{}) error {
		close(ready)
		<-signals
		return nil
	})
	client.Inserter() <- grouper.Member{Name: "first", Runner: worker}
	insert(grouper.Member{Name: "second", Runner: worker})
	process.Signal(os.Interrupt)
	<-process.Wait()
	insert(grouper.Member{Name: "third", Runner: worker})

	// Output:
	// second found no room
	// third comes too late
}

// A running member can be found by its name, and signaled on its own.
func ExampleDynamicClient_get() {
	pool := grouper.NewDynamic(nil, 0, 0)
	client := pool.Client()
	process := ifrit.Invoke(pool)

	client.Inserter() <- grouper.Member{Name: "worker", Runner: part("worker")}
	if worker, ok := client.Get("worker"); ok {
		worker.Signal(os.Interrupt)
		fmt.Println("worker exited:", <-worker.Wait())
	}
	client.Close()
	<-process.Wait()

	// Output:
	// worker is ready
	// worker stops
	// worker exited: <nil>
}

// A group is a runner, and so a service is a tree.
func Example_tree() {
	workers := grouper.NewDynamic(os.Interrupt, 100, 0)
	service := grouper.NewOrdered(os.Interrupt, grouper.Members{
		{Name: "store", Runner: part("store")},
		{Name: "workers", Runner: workers},
		{Name: "servers", Runner: grouper.NewParallel(os.Interrupt, grouper.Members{
			{Name: "api", Runner: part("api")},
		})},
	})

	process := ifrit.Invoke(service)
	workers.Client().Inserter() <- grouper.Member{Name: "job", Runner: part("job")}
	job, _ := workers.Client().Get("job")
	<-job.Ready()
	process.Signal(os.Interrupt)
	<-process.Wait()

	// Output:
	// store is ready
	// api is ready
	// job is ready
	// api stops
	// job stops
	// store stops
}

// The error of a tree tells of every member, and errors.Is and errors.As find
// what any of them returned.
func ExampleErrorTrace() {
	store := ifrit.RunFunc(func(<-chan os.Signal, chan<- struct{}) error {
		_, err := os.Open("/no/such/file")
		return err
	})
	service := grouper.NewOrdered(os.Interrupt, grouper.Members{
		{Name: "log", Runner: part("log")},
		{Name: "storage", Runner: grouper.NewParallel(os.Interrupt, grouper.Members{{Name: "store", Runner: store}})},
	})

	err := <-ifrit.Invoke(service).Wait()

	var missing *fs.PathError
	if errors.As(err, &missing) {
		fmt.Println("could not", missing.Op, missing.Path)
	}
	var trace grouper.ErrorTrace
	if errors.As(err, &trace) {
		for _, exit := range trace {
			fmt.Println(exit.Member.Name, "failed:", exit.Err != nil)
		}
	}

	// Output:
	// log is ready
	// log stops
	// could not open /no/such/file
	// storage failed: true
	// log failed: false
}

// The names within a group have to be unique.
func ExampleErrDuplicateNames() {
	service := grouper.NewParallel(os.Interrupt, grouper.Members{
		{Name: "api", Runner: part("one")},
		{Name: "api", Runner: part("other")},
	})

	err := <-ifrit.Invoke(service).Wait()

	var duplicates grouper.ErrDuplicateNames
	if errors.As(err, &duplicates) {
		fmt.Println(duplicates.DuplicateNames)
	}

	// Output:
	// [api]
}
