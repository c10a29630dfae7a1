package benchmarks

import (
	"os"

	"github.com/tedsuo/ifrit"
)

// beside are the jobs that are measured beside goroutines that compute. Their
// groups run in bare processes.
func (k kit[Member, Entrance, Exit]) beside() map[Work]Job {
	k.host = newBare
	return map[Work]Job{
		Parallel:  {Prepare: k.inParallel},
		Ordered:   {Prepare: k.inOrder},
		Dynamic:   {Prepare: k.inserted},
		Computing: {Prepare: k.computing},
	}
}

// A bare process is a Runner in a goroutine, and nothing else. Those of ifrit
// start goroutines that signal and wait, which queue behind all that compute:
// that would add to every group's time, and hide its own.
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
