package grouper_test

import (
	"fmt"
	"os"
	"syscall"

	"github.com/seed-3b777528/grouper"
	"github.com/tedsuo/ifrit"
)

// A configured part reads its configuration again at SIGHUP, and stops at any
// other signal.
type configured struct{ reloaded chan struct{} }

func (c configured) Run(signals <-chan os.Signal, ready chan<- struct{}) error {
	close(ready)
	for signal := range signals {
		fmt.Println("api got", signal)
		if signal != syscall.SIGHUP {
			break
		}
		c.reloaded <- struct{}{}
	}
	return nil
}

// One member of a tree is signaled by its path, here to have it read its
// configuration again.
func ExampleFind() {
	api := configured{make(chan struct{})}
	root := grouper.NewOrdered(os.Interrupt, grouper.Members{
		{Name: "servers", Runner: grouper.NewParallel(os.Interrupt, grouper.Members{{Name: "api", Runner: api}})},
	})

	process := ifrit.Invoke(root)
	if member, found := grouper.Find(root, "servers/api"); found {
		member.Signal(syscall.SIGHUP)
		<-api.reloaded
	}
	process.Signal(os.Interrupt)
	fmt.Println("error:", <-process.Wait())

	// Output:
	// api got hangup
	// api got interrupt
	// error: <nil>
}
