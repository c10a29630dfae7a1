package grouper_test

import (
	"fmt"
	"os"

	"github.com/seed-3b777528/grouper"
	"github.com/tedsuo/ifrit"
)

// server returns a part of a service that needs none of the others.
func server(name string) ifrit.Runner {
	return ifrit.RunFunc(func(signals <-chan os.Signal, ready chan<- struct{}) error {
		fmt.Println(name, "is ready")
		close(ready)
		<-signals
		fmt.Println(name, "stops")
		return nil
	})
}

// Parts that do not depend on one another start and stop together.
func ExampleNewParallel() {
	servers := grouper.NewParallel(os.Interrupt, grouper.Members{
		{Name: "api", Runner: server("api")},
		{Name: "health", Runner: server("health")},
		{Name: "metrics", Runner: server("metrics")},
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
