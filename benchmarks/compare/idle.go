package main

import (
	"runtime"
	"sync"
	"time"

	"github.com/seed-3b777528/grouper/benchmarks"
)

// atLeast is how many members are observed while idle.
const atLeast = 1000

// largestStarting is the largest size at which start-up is looked at.
const largestStarting = 10_000

// A usage is what a process uses.
type usage struct {
	bytes      float64
	goroutines int
}

// footprint waits until no goroutine is about to end.
func footprint() usage {
	for count, calm := runtime.NumGoroutine(), 0; calm < 3; calm++ {
		time.Sleep(time.Millisecond)
		if now := runtime.NumGoroutine(); now != count {
			count, calm = now, 0
		}
	}
	runtime.GC()
	runtime.GC() // what the first one has freed is swept
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return usage{float64(m.HeapAlloc + m.StackInuse), runtime.NumGoroutine()}
}

// arrivals are the parts that have not started yet: not every library waits for
// them.
type arrivals struct{ sync.WaitGroup }

func (a *arrivals) Started(int) { a.Done() }
func (a *arrivals) Ready(int)   {}
func (a *arrivals) Stopped(int) {}

// observeIdle does the op once, and looks at the process in between. It does
// many small ones at a time, since a process allocates in large pieces.
func (s *Sample) observeIdle(job benchmarks.Job, size, parts int) {
	before := footprint()
	ops := make([]benchmarks.Op, max(1, atLeast/size))
	stops := make([]func(), len(ops))
	var pending arrivals
	for i := range ops {
		ops[i] = job.Prepare(size, &pending)
	}
	units := float64(len(ops) * ops[0].Units)
	pending.Add(len(ops) * parts)
	begin := time.Now()
	for i, op := range ops {
		stops[i] = op.Start()
	}
	s.Start = float64(time.Since(begin)) / units
	pending.Wait()
	idle := footprint()
	s.Idle = (idle.bytes - before.bytes) / units
	s.Goroutines = (idle.goroutines - before.goroutines) / len(ops)
	begin = time.Now()
	for _, stop := range stops {
		stop()
	}
	s.Stop = float64(time.Since(begin)) / units
	runtime.KeepAlive(ops)
}

// A gate keeps the last part from becoming ready.
type gate struct {
	last          int
	reached, open chan struct{}
}

func (g gate) Ready(int)   {}
func (g gate) Stopped(int) {}
func (g gate) Started(place int) {
	if place == g.last {
		close(g.reached)
		<-g.open
	}
}

func goroutinesStarting(job benchmarks.Job, size int) int {
	g := gate{reached: make(chan struct{}), open: make(chan struct{})}
	op := job.Prepare(size, &g)
	g.last = op.Units - 1
	before := footprint()
	started := make(chan func())
	go func() { started <- op.Start() }()
	<-g.reached
	starting := footprint()
	close(g.open)
	(<-started)()
	return starting.goroutines - before.goroutines - 1 // without the one that waits in Start
}
