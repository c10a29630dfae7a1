package benchmarks

import (
	"os"

	"github.com/tedsuo/ifrit"
	"github.com/tedsuo/ifrit/grouper"
)

var originalKit = kit[grouper.Member, grouper.EntranceEvent, grouper.ExitEvent]{
	host: ifrit.Background,
	member: func(name string, runner ifrit.Runner) grouper.Member {
		return grouper.Member{Name: name, Runner: runner}
	},
	parallel: func(members []grouper.Member) ifrit.Runner {
		return grouper.NewParallel(os.Interrupt, members)
	},
	ordered: func(members []grouper.Member) ifrit.Runner {
		return grouper.NewOrdered(os.Interrupt, members)
	},
	dynamic: func(capacity, buffer int) (ifrit.Runner, client[grouper.Member, grouper.EntranceEvent, grouper.ExitEvent]) {
		group := grouper.NewDynamic(nil, capacity, buffer)
		return group, group.Client()
	},
}

// original is quadratic: a parallel group of 10,000 takes more than a minute,
// one above 32,767 panics, and an ordered group of 1000 takes seconds.
var original = Library{
	Name:    "original",
	Module:  "github.com/tedsuo/ifrit",
	Readies: true,
	Lacks: "an unread listener: it blocks the group; a dynamic group of capacity 1: it exits with its first member; " +
		"more than 1000 static members: its cost is quadratic, and a parallel group above 32,767 panics",
	Jobs: map[Work]Job{
		Parallel:   {Prepare: originalKit.inParallel, Max: 1000, Steep: true},
		Ordered:    {Prepare: originalKit.inOrder, Max: 1000, Steep: true},
		Dynamic:    {Prepare: originalKit.inserted, Max: largestOfPeers},
		Deep:       {Prepare: originalKit.deep},
		Wide:       {Prepare: originalKit.wide, Steep: true},
		Tasks:      {Prepare: originalKit.withTasks(through), Min: 2},
		Unbuffered: {Prepare: originalKit.withTasks(throughUnbuffered), Min: 2},
		Listeners:  {Prepare: originalKit.withTasks(heardBy)},
		Get:        {Prepare: originalKit.get},
	},
	Beside: originalKit.beside(),
}
