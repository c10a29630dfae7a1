package grouper_test

import (
	"fmt"
	"os"

	"github.com/seed-3b777528/grouper"
	"github.com/tedsuo/ifrit"
)

// layer returns a part of a service that others are built on.
func layer(name string) ifrit.Runner {
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
		{Name: "store", Runner: layer("store")},
		{Name: "cache", Runner: layer("cache")},
		{Name: "api", Runner: layer("api")},
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
