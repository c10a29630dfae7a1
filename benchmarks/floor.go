package benchmarks

import (
	"os"
	"sync"

	"github.com/tedsuo/ifrit"
)

var floorKit = kit[ifrit.Runner, *floorTask, *floorTask]{
	host:     ifrit.Background,
	member:   func(_ string, runner ifrit.Runner) ifrit.Runner { return runner },
	parallel: func(members []ifrit.Runner) ifrit.Runner { return floorParallel(members) },
	ordered:  func(members []ifrit.Runner) ifrit.Runner { return floorOrdered(members) },
	dynamic: func(capacity, buffer int) (ifrit.Runner, client[ifrit.Runner, *floorTask, *floorTask]) {
		group := newFloorDynamic(capacity, buffer)
		return group, group
	},
}

var floor = Library{
	Name:    "floor",
	Readies: true,
	Lacks:   "names, errors, history, status, shutting down when a member exits, signals while starting or stopping",
	Jobs: map[Work]Job{
		Parallel:   {Prepare: floorKit.inParallel},
		Ordered:    {Prepare: floorKit.inOrder},
		Dynamic:    {Prepare: floorKit.inserted},
		Deep:       {Prepare: floorKit.deep},
		Wide:       {Prepare: floorKit.wide},
		Tasks:      {Prepare: floorKit.withTasks(through)},
		Unbuffered: {Prepare: floorKit.withTasks(throughUnbuffered)},
		Listeners:  {Prepare: floorKit.withTasks(heardBy)},
		Get:        {Prepare: floorGet},
	},
	Beside: floorKit.beside(),
}

// A floorMember is all that a running Runner needs. Its signals channel has
// room for one, so that no sender waits.
type floorMember struct {
	signals chan os.Signal
	ready   chan struct{}
}

func newFloorMember() floorMember {
	return floorMember{make(chan os.Signal, 1), make(chan struct{})}
}

type floorParallel []ifrit.Runner

func (g floorParallel) Run(signals <-chan os.Signal, ready chan<- struct{}) error {
	members := make([]floorMember, len(g))
	var running sync.WaitGroup
	running.Add(len(g))
	for i, runner := range g {
		m := newFloorMember()
		members[i] = m
		go func() {
			_ = runner.Run(m.signals, m.ready)
			running.Done()
		}()
	}
	for i := range members {
		<-members[i].ready
	}
	close(ready)
	signal := <-signals
	for i := range members {
		members[i].signals <- signal
	}
	running.Wait()
	return nil
}

type floorOrdered []ifrit.Runner

func (g floorOrdered) Run(signals <-chan os.Signal, ready chan<- struct{}) error {
	members := make([]floorMember, len(g))
	exits := make(chan struct{})
	for i, runner := range g {
		m := newFloorMember()
		members[i] = m
		go func() {
			_ = runner.Run(m.signals, m.ready)
			exits <- struct{}{}
		}()
		<-m.ready
	}
	close(ready)
	signal := <-signals
	for i := len(members) - 1; i >= 0; i-- {
		members[i].signals <- signal
		<-exits
	}
	return nil
}

// floorGet is a map behind a read lock.
func floorGet(n int, _ Observer) Op {
	var mu sync.RWMutex
	parts := newParts(n, nil)
	members := make(map[string]*part)
	for i := range parts {
		members[parts[i].name] = &parts[i]
	}
	get := func(name string) (*part, bool) {
		mu.RLock()
		defer mu.RUnlock()
		p, found := members[name]
		return p, found
	}
	return Op{Units: lookupsInOne, Start: func() func() {
		for i := range lookupsInOne {
			if _, found := get(parts[i%n].name); !found {
				panic("a member was not found")
			}
		}
		return func() {}
	}}
}
