package benchmarks

import (
	"os"
	"sync"

	"github.com/tedsuo/ifrit"
)

// A kit is a package with groups like ifrit's: ours, the original, the floor.
// The work that all of them are measured at is written here once.
type kit[Member, Entrance, Exit any] struct {
	host     func(ifrit.Runner) ifrit.Process // runs the outermost group
	member   func(name string, runner ifrit.Runner) Member
	parallel func([]Member) ifrit.Runner
	ordered  func([]Member) ifrit.Runner
	dynamic  func(capacity, eventBuffer int) (ifrit.Runner, client[Member, Entrance, Exit])
}

type client[Member, Entrance, Exit any] interface {
	EntranceListener() <-chan Entrance
	ExitListener() <-chan Exit
	Inserter() chan<- Member
	Close()
	Get(name string) (ifrit.Process, bool)
}

func (k kit[Member, Entrance, Exit]) members(n int, observer Observer) []Member {
	parts := newParts(n, observer)
	members := make([]Member, n)
	for i := range parts {
		members[i] = k.member(parts[i].name, &parts[i])
	}
	return members
}

func (k kit[Member, Entrance, Exit]) inParallel(n int, observer Observer) Op {
	members := k.members(n, observer)
	return Op{Units: n, Start: func() func() { return k.invoke(k.parallel(members)) }}
}

func (k kit[Member, Entrance, Exit]) inOrder(n int, observer Observer) Op {
	members := k.members(n, observer)
	return Op{Units: n, Start: func() func() { return k.invoke(k.ordered(members)) }}
}

// deep makes a chain of n groups, the last one with a part in it.
func (k kit[Member, Entrance, Exit]) deep(n int, observer Observer) Op {
	members := k.members(1, observer)
	for range n - 1 {
		members = []Member{k.member("group", k.parallel(members))}
	}
	return Op{Units: n, Start: func() func() { return k.invoke(k.parallel(members)) }}
}

// wide makes a group of n groups.
func (k kit[Member, Entrance, Exit]) wide(n int, observer Observer) Op {
	parts := k.members(n*groupOfWide, observer)
	names := newParts(n, nil)
	members := make([]Member, n)
	for i := range members {
		members[i] = k.member(names[i].name, k.parallel(parts[i*groupOfWide:(i+1)*groupOfWide]))
	}
	return Op{Units: len(parts), Start: func() func() { return k.invoke(k.parallel(members)) }}
}

func (k kit[Member, Entrance, Exit]) inserted(n int, observer Observer) Op {
	members := k.members(n, observer)
	return Op{Units: n, Start: func() func() {
		_, stop := k.insert(members)
		return stop
	}}
}

// insert runs the members in a dynamic group. It returns when all of them have
// entered, and stop when all the exits were read.
func (k kit[Member, Entrance, Exit]) insert(members []Member) (c client[Member, Entrance, Exit], stop func()) {
	group, c := k.dynamic(len(members), min(len(members), eventBuffer))
	entrances, exits := c.EntranceListener(), c.ExitListener()
	process := k.host(group)
	go func() {
		for _, member := range members {
			c.Inserter() <- member
		}
	}()
	for range members {
		<-entrances
	}
	return c, func() {
		process.Signal(os.Interrupt)
		drain(exits, len(members))()
		await(process)
	}
}

func (k kit[Member, Entrance, Exit]) get(n int, observer Observer) Op {
	parts := newParts(n, nil)
	c, stop := k.insert(k.members(n, observer))
	lookUp := func() func() {
		for i := range lookupsInOne {
			if _, found := c.Get(parts[i%n].name); !found {
				panic("a running member was not found")
			}
		}
		return func() {}
	}
	return Op{Units: lookupsInOne, Start: lookUp, End: stop}
}

// A crowd has the listeners while tasks go through a dynamic group.
type crowd struct {
	capacity, buffer int
	entrances, exits int
	unread           bool // whether there is one more, that nobody reads
}

func (k kit[Member, Entrance, Exit]) withTasks(size func(n int) crowd) func(int, Observer) Op {
	return func(n int, observer Observer) Op {
		parts := newParts(tasksInOne, observer)
		members := make([]Member, len(parts))
		for i := range parts {
			members[i] = k.member(parts[i].name, task{&parts[i]})
		}
		return k.passing(members, size(n))
	}
}

// passing sends tasks through a dynamic group, and its listeners read every
// event.
func (k kit[Member, Entrance, Exit]) passing(members []Member, who crowd) Op {
	clean := func() {}
	start := func() func() {
		group, c := k.dynamic(who.capacity, who.buffer)
		var readers sync.WaitGroup
		for range who.entrances {
			readers.Go(drain(c.EntranceListener(), len(members)))
		}
		for range who.exits {
			readers.Go(drain(c.ExitListener(), len(members)))
		}
		if who.unread {
			clean = drain(c.ExitListener(), len(members))
		}
		process := k.host(group)
		for _, member := range members {
			c.Inserter() <- member
		}
		c.Close()
		await(process)
		readers.Wait()
		return func() {}
	}
	return Op{Units: len(members), Start: start, Clean: func() { clean() }}
}

// drain reads all events, as many as there are members.
func drain[Event any](events <-chan Event, members int) func() {
	return func() {
		for range events {
			members--
		}
		if members != 0 {
			panic("a listener got too few events, or too many")
		}
	}
}

// invoke runs a group. It returns when the group is ready, and stop when it
// has exited.
func (k kit[Member, Entrance, Exit]) invoke(group ifrit.Runner) (stop func()) {
	process := k.host(group)
	<-process.Ready()
	return func() {
		process.Signal(os.Interrupt)
		await(process)
	}
}

func await(process ifrit.Process) {
	if err := <-process.Wait(); err != nil {
		panic(err)
	}
}

func through(capacity int) crowd {
	return crowd{capacity: capacity, buffer: eventBuffer, entrances: 1, exits: 1}
}

func throughUnbuffered(capacity int) crowd {
	return crowd{capacity: capacity, buffer: 0, entrances: 1, exits: 1}
}

func heardBy(listeners int) crowd {
	return crowd{capacity: 8, buffer: eventBuffer, exits: listeners}
}

func ignoredBy(int) crowd {
	return crowd{capacity: 8, buffer: eventBuffer, entrances: 1, exits: 1, unread: true}
}
