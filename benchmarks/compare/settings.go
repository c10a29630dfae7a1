package main

import (
	"runtime"
	"runtime/debug"
	"sync/atomic"
	"time"

	"github.com/seed-3b777528/grouper/benchmarks"
)

// A Setting is what else the process does while it is measured. In a setting
// that is not idle, figures are of the whole group.
type Setting string

const (
	Idle        Setting = ""        // nothing
	First       Setting = "first"   // nothing, and what is measured is all that it ever does
	BesideTwo   Setting = "beside2" // 2 goroutines per processor compute
	BesideEight Setting = "beside8"
)

// computing has the number of computing goroutines per processor in each
// setting.
var computing = map[Setting]int{BesideTwo: 2, BesideEight: 8}

// besides has the settings in which something computes.
var besides = []Setting{BesideTwo, BesideEight}

// measureBeside does the op beside goroutines that compute, for as long as the
// batch lasts. Both start and stop follow a pause, as in a service in which a
// signal wakes the goroutine that stops a group: a woken goroutine has a new time
// slice. No garbage is collected meanwhile, since that would queue, too.
func measureBeside(op benchmarks.Op, perProcessor int, batch time.Duration) Sample {
	const pause = time.Millisecond
	runtime.GC()
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	defer compute(perProcessor * runtime.GOMAXPROCS(0))()
	var starting, stopping, count time.Duration
	for end := time.Now().Add(batch); count == 0 || time.Now().Before(end); count++ {
		time.Sleep(pause)
		begin := time.Now()
		stop := op.Start()
		starting += time.Since(begin)
		time.Sleep(pause)
		begin = time.Now()
		stop()
		stopping += time.Since(begin)
	}
	return Sample{Start: float64(starting / count), Stop: float64(stopping / count)}
}

// compute keeps n goroutines busy, from when it returns until they are stopped.
func compute(n int) (stop func()) {
	var begun atomic.Int64
	var stopped atomic.Bool
	for range n {
		go func() {
			begun.Add(1)
			for !stopped.Load() {
			}
		}()
	}
	for int(begun.Load()) < n {
		time.Sleep(time.Millisecond)
	}
	return func() { stopped.Store(true) }
}
