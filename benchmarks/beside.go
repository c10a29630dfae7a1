package benchmarks

import (
	"os"

	"github.com/tedsuo/ifrit"
)

// hostedBy returns the kit with another way to run its outermost groups.
func (k kit[Member, Entrance, Exit]) hostedBy(host func(ifrit.Runner) ifrit.Process) kit[Member, Entrance, Exit] {
	k.host = host
	return k
}

// beside are the jobs that are measured beside goroutines that compute. Their
// groups run in bare processes.
func (k kit[Member, Entrance, Exit]) beside() map[Work]Job {
	k = k.hostedBy(newBare)
	return map[Work]Job{
		Parallel:  {Prepare: k.inParallel},
		Ordered:   {Prepare: k.inOrder},
		Dynamic:   {Prepare: k.inserted},
		Computing: {Prepare: k.computing},
	}
}

// computing inserts members that compute, and listens to no events.
func (k kit[Member, Entrance, Exit]) computing(n int, observer Observer) Op {
	parts := newParts(n, observer)
	members := make([]Member, n)
	for i := range parts {
		members[i] = k.member(parts[i].name, computer{&parts[i]})
	}
	return Op{Units: n, Start: func() func() {
		group, c := k.dynamic(n, eventBuffer)
		process := k.host(group)
		for _, member := range members {
			c.Inserter() <- member
		}
		return func() {
			process.Signal(os.Interrupt)
			await(process)
		}
	}}
}

// A bare process is a Runner in a goroutine, and nothing else. The processes of
// ifrit start goroutines that signal and wait, and queue behind the computing
// ones: that would add to every group's time, and hide its own.
type bare struct {
	signals chan os.Signal
	ready   chan struct{}
	exit    chan error
}

func newBare(runner ifrit.Runner) ifrit.Process {
	b := bare{make(chan os.Signal), make(chan struct{}), make(chan error, 1)}
	go func() { b.exit <- runner.Run(b.signals, b.ready) }()
	return b
}

func (b bare) Ready() <-chan struct{}  { return b.ready }
func (b bare) Wait() <-chan error      { return b.exit }
func (b bare) Signal(signal os.Signal) { b.signals <- signal }
