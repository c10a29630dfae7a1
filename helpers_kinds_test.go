package grouper_test

import (
	"os"

	. "github.com/onsi/ginkgo/v2"
	"github.com/seed-3b777528/grouper"
	"github.com/tedsuo/ifrit"
)

// A kind builds groups of one kind, so that specs can go through all kinds.
type kind struct {
	name  string
	group func(termination os.Signal, members grouper.Members) ifrit.Runner
}

var staticKinds = []kind{
	{"parallel", grouper.NewParallel},
	{"ordered", grouper.NewOrdered},
	{"queue-ordered", grouper.NewQueueOrdered},
}

var allKinds = append([]kind{{"dynamic", newInserted}}, staticKinds...)

// newInserted returns a dynamic group that gets its members when it runs, and
// returns its members' exits as a static group does.
func newInserted(termination os.Signal, members grouper.Members) ifrit.Runner {
	return ifrit.RunFunc(func(signals <-chan os.Signal, ready chan<- struct{}) error {
		group := grouper.NewDynamic(termination, 0, 0)
		exits := group.Client().ExitListener()
		go func() {
			for _, member := range members {
				select {
				case group.Client().Inserter() <- member:
				case <-group.Client().CloseNotifier():
					return
				}
			}
		}()
		if err := group.Run(signals, ready); err != nil {
			return err
		}
		var trace grouper.ErrorTrace
		for exit := range exits {
			trace = append(trace, exit)
		}
		return trace.ErrorOrNil()
	})
}

func forEach(kinds []kind, specs func(kind)) {
	for _, kind := range kinds {
		Describe("in a group that is "+kind.name, func() { specs(kind) })
	}
}

// inspectable makes a group of any kind that is not inside another runner, and a
// function that starts it with its members.
func inspectable(kind kind, members grouper.Members) (ifrit.Runner, func() ifrit.Process) {
	if kind.name != "dynamic" {
		group := kind.group(nil, members)
		return group, func() ifrit.Process { return ifrit.Invoke(group) }
	}
	group := grouper.NewDynamic(nil, 0, 0)
	return group, func() ifrit.Process {
		process := ifrit.Invoke(group)
		for _, member := range members {
			group.Client().Inserter() <- member
		}
		return process
	}
}
