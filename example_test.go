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

// Parts that depend on one another start in order and stop in reverse.
func ExampleNewOrdered() {
	service := grouper.NewOrdered(os.Interrupt, grouper.Members{
		{Name: "store", Runner: part("store")},
		{Name: "cache", Runner: part("cache")},
		{Name: "api", Runner: part("api")},
	})

	process := ifrit.Invoke(service)
	fmt.Println("all are ready")
	process.Signal(os.Interrupt)
	fmt.Println("error:", <-process.Wait())

	// Output:
	// store is ready
	// cache is ready
	// api is ready
	// all are ready
	// api stops
	// cache stops
	// store stops
	// error: <nil>
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

// A shutdown that does not end: Inspect shows which member holds it up.
func ExampleInspect() {
	signaled, unstuck := make(chan struct{}), make(chan struct{})
	api := ifrit.RunFunc(func(signals <-chan os.Signal, ready chan<- struct{}) error {
		close(ready)
		<-signals
		close(signaled)
		<-unstuck
		return nil
	})
	service := grouper.NewOrdered(os.Interrupt, grouper.Members{
		{Name: "store", Runner: part("store")},
		{Name: "servers", Runner: grouper.NewParallel(os.Interrupt, grouper.Members{
			{Name: "api", Runner: api},
		})},
		{Name: "health", Runner: part("health")},
	})

	process := ifrit.Invoke(service)
	process.Signal(os.Interrupt)
	<-signaled // a real service would be given some time
	status, _ := grouper.Inspect(service)
	fmt.Println("waiting for", status.WaitingFor())
	close(unstuck)
	fmt.Println("error:", <-process.Wait())

	// Output:
	// store is ready
	// health is ready
	// health stops
	// waiting for [servers/api]
	// store stops
	// error: <nil>
}

// Parts that do not depend on one another start and stop together.
func ExampleNewParallel() {
	servers := grouper.NewParallel(os.Interrupt, grouper.Members{
		{Name: "api", Runner: part("api")},
		{Name: "health", Runner: part("health")},
		{Name: "metrics", Runner: part("metrics")},
	})

	process := ifrit.Invoke(servers)
	fmt.Println("all are ready")
	process.Signal(os.Interrupt)
	<-process.Wait()

	// Unordered output:
	// api is ready
	// health is ready
	// metrics is ready
	// all are ready
	// api stops
	// health stops
	// metrics stops
}

// Members come and go. The listeners get each entrance and each exit, and are
// closed after the last one.
func ExampleNewDynamic() {
	pool := grouper.NewDynamic(nil, 10, 0)
	client := pool.Client()
	entrances, exits := client.EntranceListener(), client.ExitListener()
	process := ifrit.Invoke(pool)

	for _, name := range []string{"one", "two"} {
		client.Inserter() <- grouper.Member{Name: name, Runner: ifrit.RunFunc(
			func(_ <-chan os.Signal, ready chan<- struct{}) error {
				close(ready)
				return nil
			})}
		fmt.Println("entered:", (<-entrances).Member.Name)
		exit := <-exits
		fmt.Println("exited: ", exit.Member.Name, exit.Err)
	}
	client.Close()
	<-process.Wait()
	_, open := <-exits
	fmt.Println("more to come:", open)

	// Output:
	// entered: one
	// exited:  one <nil>
	// entered: two
	// exited:  two <nil>
	// more to come: false
}

// A full or closed group accepts no insert. Use select to avoid waiting.
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

// The error of a tree contains every member's exit, and errors.Is and errors.As
// find what any of them returned.
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

// The names within a group must be unique.
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
