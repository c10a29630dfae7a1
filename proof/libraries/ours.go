package libraries

import (
	"os"

	"github.com/seed-3b777528/grouper"
	"github.com/tedsuo/ifrit"
)

// Unobserved is package grouper without observers, which takes other ways then.
var Unobserved = Library{
	Parallel:     grouper.NewParallel,
	Ordered:      grouper.NewOrdered,
	QueueOrdered: grouper.NewQueueOrdered,
	Dynamic: func(termination os.Signal, capacity, buffer int) (ifrit.Runner, Client) {
		group := grouper.NewDynamic(termination, capacity, buffer)
		return group, adapter[grouper.Member, grouper.EntranceEvent, grouper.ExitEvent]{
			group.Client(), same[grouper.Member], same[grouper.EntranceEvent], same[grouper.ExitEvent]}
	},
	Validate: func(members grouper.Members) ([]string, error) {
		err := members.Validate()
		duplicates, _ := err.(grouper.ErrDuplicateNames)
		return duplicates.DuplicateNames, err
	},
	Trace: func(err error) ([]grouper.ExitEvent, bool) {
		trace, ok := err.(grouper.ErrorTrace)
		return trace, ok
	},
	Inspect: grouper.Inspect,
}

// Ours is package grouper.
var Ours = observed()

func observed() Library {
	l := Unobserved
	l.Observe = grouper.Observe
	return l
}

func same[T any](value T) T { return value }
