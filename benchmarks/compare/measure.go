package main

import (
	"fmt"
	"runtime"
	"sync"
	"time"

	"github.com/seed-3b777528/grouper/benchmarks"
)

// A Sample is what one measurement of a cell has found. A unit is a member, a
// task or a lookup.
type Sample struct {
	Start, Stop   float64 // nanoseconds a unit
	CPU           float64 // nanoseconds of processor time a unit, of all processors
	Allocs, Bytes float64 // allocated, a unit, from start to end
	Idle          float64 // bytes of heap and stacks in use, a unit, while idle
	Goroutines    int     // while idle
	Starting      int     // goroutines while the last member is not ready yet; 0 if not measured
}

// atLeast is how many members are observed while idle.
const atLeast = 1000

// largestStarting is the largest size at which start-up is looked at.
const largestStarting = 10_000

// runs tells whether the work has members that run until they are stopped.
func runs(work benchmarks.Work) bool {
	switch work {
	case benchmarks.Parallel, benchmarks.Ordered, benchmarks.Dynamic, benchmarks.Deep, benchmarks.Wide:
		return true
	}
	return false
}

func (c Cell) measure(batch time.Duration) (s Sample, err error) {
	job, found := c.job()
	if !found {
		return s, fmt.Errorf("there is no %v", c)
	}
	switch per := computing[c.Setting]; {
	case per > 0:
		s = measureBeside(job.Prepare(c.Size, nil), per, longer*batch)
	case c.Setting == First:
		s = measureOnce(job.Prepare(c.Size, nil))
	case job.Timed != nil:
		s = measureTimed(job, c.Size, longer*batch)
	default:
		s = c.measureIdle(job, batch)
	}
	return s, nil
}

// longer is how many batches are measured where an op may take long, and how
// long is a matter of luck.
const longer = 10

// measureTimed does the work for as long as the batch lasts, and takes medians.
func measureTimed(job benchmarks.Job, size int, batch time.Duration) Sample {
	var starts, stops []float64
	for end := time.Now().Add(batch); starts == nil || time.Now().Before(end); {
		runtime.GC()
		timing := job.Timed(size)
		starts, stops = append(starts, float64(timing.Start)), append(stops, float64(timing.Stop))
	}
	start, _ := median(starts)
	stop, _ := median(stops)
	return Sample{Start: start, Stop: stop}
}

// measureOnce does the op once, and nothing to warm up.
func measureOnce(op benchmarks.Op) Sample {
	begin := time.Now()
	stop := op.Start()
	started := time.Now()
	stop()
	return Sample{Start: float64(started.Sub(begin)), Stop: float64(time.Since(started))}
}

func (c Cell) measureIdle(job benchmarks.Job, batch time.Duration) (s Sample) {
	op := job.Prepare(c.Size, nil)
	if runs(c.Work) {
		parts := op.Units
		if c.Work == benchmarks.Deep {
			parts = 1
		}
		s.observeIdle(job, c.Size, parts)
	}
	if time.Duration(total(s)*float64(op.Units)) < batch {
		s.clock(op, batch/5) // to warm up
	}
	s.clock(op, batch)
	if op.End != nil {
		op.End()
	}
	if plotted(c.Work) && c.Size <= largestStarting {
		s.Starting = goroutinesStarting(job, c.Size)
	}
	return s
}

// A usage is what a process takes up.
type usage struct {
	bytes      float64
	goroutines int
}

// footprint waits until no goroutine is about to end any more.
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

// arrivals are the parts that are still to be started: not every library waits
// for that.
type arrivals struct{ sync.WaitGroup }

func (a *arrivals) Started(int) { a.Done() }
func (a *arrivals) Ready(int)   {}
func (a *arrivals) Stopped(int) {}

// observeIdle does the op once, and looks at the process in between. Of small
// ones it does many at a time: what a process takes up comes in large pieces.
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

// clock does the op until the batch is over, and takes the averages.
func (s *Sample) clock(op benchmarks.Op, batch time.Duration) {
	runtime.GC()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	var starting, stopping time.Duration
	units, used := 0.0, processorTime()
	for starting+stopping < batch {
		begin := time.Now()
		stop := op.Start()
		started := time.Now()
		stop()
		stopping += time.Since(started)
		starting += started.Sub(begin)
		units += float64(op.Units)
		if op.Clean != nil {
			op.Clean()
		}
	}
	s.CPU = float64(processorTime()-used) / units
	s.Start, s.Stop = float64(starting)/units, float64(stopping)/units
	runtime.ReadMemStats(&after)
	s.Allocs = float64(after.Mallocs-before.Mallocs) / units
	s.Bytes = float64(after.TotalAlloc-before.TotalAlloc) / units
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
