package benchmarks

import (
	"os"

	"github.com/seed-3b777528/grouper"
	"github.com/tedsuo/ifrit"
)

var ourKit = kit[grouper.Member, grouper.EntranceEvent, grouper.ExitEvent]{
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

var ours = Library{
	Name:    "grouper",
	Module:  "github.com/seed-3b777528/grouper",
	Readies: true,
	Jobs: map[Work]Job{
		Parallel:   {Prepare: ourKit.inParallel},
		Observed:   {Prepare: ourKit.hostedBy(observed).inParallel},
		Ordered:    {Prepare: ourKit.inOrder},
		Dynamic:    {Prepare: ourKit.inserted},
		Deep:       {Prepare: ourKit.deep},
		Wide:       {Prepare: ourKit.wide},
		Tasks:      {Prepare: ourKit.withTasks(through)},
		Unbuffered: {Prepare: ourKit.withTasks(throughUnbuffered)},
		Listeners:  {Prepare: ourKit.withTasks(heardBy)},
		Unread:     {Prepare: ourKit.withTasks(ignoredBy)},
		Get:        {Prepare: ourKit.get},

		Insert:       {Timed: slowestInsert(false), Brief: true},
		InsertUnread: {Timed: slowestInsert(true), Brief: true},
		Paced:        {Timed: insertAndGet(false), Brief: true},
		Inspected:    {Timed: insertAndGet(true), Brief: true},
		Draw:         {Prepare: statusOf(draw), Brief: true},
		Marshal:      {Prepare: statusOf(marshal), Brief: true},
		WaitingFor:   {Prepare: statusOf(waitingFor), Brief: true},
		SecondSignal: {Timed: secondSignal, Brief: true},
	},
	Beside: ourKit.beside(),
}

func observed(group ifrit.Runner) ifrit.Process {
	return ifrit.Background(grouper.Observe(group, func(grouper.Event) {}))
}
