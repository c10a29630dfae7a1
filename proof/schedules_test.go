package proof

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"sync/atomic"
	"testing"
)

var schedules = flag.Int("schedules", 5000, "how many random scripts TestSchedules performs")

// TestSchedules performs random scripts of bursts, from several goroutines. The
// model must allow what was seen, for some order of the events that agrees with
// when they happened.
func TestSchedules(t *testing.T) {
	var performed, operations atomic.Int64
	inParallel(t, *schedules, func(t *testing.T, seed uint64) {
		s := concurrent(rand.New(rand.NewPCG(seed, 0)).IntN)
		n, faults := bothSchedules(t, s)
		performed.Add(1)
		operations.Add(int64(n))
		if faults != nil {
			t.Fatalf("-seed %d: %v: %q\nshortest: -run Replay -script '%v'", seed, s, faults,
				shorten(s, failsSometimes(t)))
		}
	})
	fmt.Printf("schedules: %d scripts, %d operations\n", performed.Load(), operations.Load())
}

// failsSometimes reports whether a script fails in one of many tries.
func failsSometimes(t *testing.T) func(script) bool {
	return func(s script) bool {
		for range 300 {
			if _, faults := bothSchedules(t, s); faults != nil {
				return true
			}
		}
		return false
	}
}

// concurrent makes a script of bursts. An event that turns out not to be
// possible is skipped.
func concurrent(choose func(n int) int) script {
	s := head(choose)
	for _, op := range []op{listen, run} {
		if s.isDynamic() && choose(4) > 0 {
			s.bursts = append(s.bursts, single(event{op: op}))
		}
	}
	for range 1 + choose(5) {
		var b burst
		for range 1 + choose(3) {
			var events []event
			for range 1 + choose(3) {
				events = append(events, anyEvent(s.kind, choose))
			}
			b = append(b, events)
		}
		s.bursts = append(s.bursts, b)
	}
	return s
}

func anyEvent(kind byte, choose func(n int) int) event {
	ops := "rrrxss"
	if kind == 'd' {
		ops = "rrrxsiiiiipggcuefn"
	}
	e := event{op: op(ops[choose(len(ops))])}
	switch e.op {
	case becomeReady:
		e.at = choose(maxMembers)
	case exit:
		e.at, e.arg = choose(maxMembers), "nbg"[choose(3)]
	case signal:
		e.arg = "it-"[choose(3)]
	case insert, clientSignal, get:
		e.arg = "abc"[choose(3)]
	}
	return e
}
