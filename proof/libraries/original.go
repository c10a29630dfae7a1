package libraries

import (
	"os"

	"github.com/seed-3b777528/grouper"
	"github.com/tedsuo/ifrit"
	original "github.com/tedsuo/ifrit/grouper"
)

// Original is the package that package grouper stands in for.
var Original = Library{
	Parallel: func(termination os.Signal, members grouper.Members) ifrit.Runner {
		return original.NewParallel(termination, toOriginals(members))
	},
	Ordered: func(termination os.Signal, members grouper.Members) ifrit.Runner {
		return original.NewOrdered(termination, toOriginals(members))
	},
	QueueOrdered: func(termination os.Signal, members grouper.Members) ifrit.Runner {
		return original.NewQueueOrdered(termination, toOriginals(members))
	},
	Dynamic: func(termination os.Signal, capacity, buffer int) (ifrit.Runner, Client) {
		group := original.NewDynamic(termination, capacity, buffer)
		return group, adapter[original.Member, original.EntranceEvent, original.ExitEvent]{
			group.Client(), toOriginal, entranceOf, exitOf}
	},
	Validate: func(members grouper.Members) ([]string, error) {
		err := toOriginals(members).Validate()
		duplicates, _ := err.(original.ErrDuplicateNames)
		return duplicates.DuplicateNames, err
	},
	Trace: func(err error) (exits []grouper.ExitEvent, ok bool) {
		trace, ok := err.(original.ErrorTrace)
		for _, event := range trace {
			exits = append(exits, exitOf(event))
		}
		return exits, ok
	},
}

func toOriginal(member grouper.Member) original.Member { return original.Member(member) }

func toOriginals(members grouper.Members) (converted original.Members) {
	for _, member := range members {
		converted = append(converted, toOriginal(member))
	}
	return converted
}

func entranceOf(event original.EntranceEvent) grouper.EntranceEvent {
	return grouper.EntranceEvent{Member: grouper.Member(event.Member), Process: event.Process}
}

func exitOf(event original.ExitEvent) grouper.ExitEvent {
	return grouper.ExitEvent{Member: grouper.Member(event.Member), Err: event.Err}
}
