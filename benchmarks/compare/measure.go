package main

import (
	"fmt"
	"runtime"
	"time"

	"github.com/seed-3b777528/grouper/benchmarks"
)

// A Sample is what one measurement of a cell has found. A unit is a member, a
// task or a lookup.
type Sample struct {
	Start, Stop   float64 // nanoseconds per unit; of the whole group if the setting is not idle
	CPU           float64 // nanoseconds of processor time per unit, of all processors
	Allocs, Bytes float64 // allocated per unit from start to end
	Idle          float64 // bytes of heap and stacks in use per unit, while idle
	Goroutines    int     // while idle
	Starting      int     // goroutines while the last member is not ready yet; 0 if not measured
}

// runs reports whether the work has members that run until they are stopped.
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

// longer is how many batches are measured if an op may take long, and its time
// varies a lot.
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

// measureOnce does the op once, without warming up.
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
