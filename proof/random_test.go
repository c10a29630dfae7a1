package proof

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"sync/atomic"
	"testing"
)

var (
	sequences = flag.Int("sequences", 5000, "how many random scripts TestSequences performs")
	seed      = flag.Uint64("seed", 0, "the one seed that random tests use, instead of many")
)

// inParallel tests random seeds, or one that is replayed.
func inParallel(t *testing.T, count int, test func(t *testing.T, seed uint64)) {
	first := rand.Uint64()
	if *seed != 0 {
		first, count = *seed, 1
	}
	t.Run("seeds", func(t *testing.T) {
		const workers = 4
		for worker := range workers {
			t.Run(fmt.Sprint(worker), func(t *testing.T) {
				t.Parallel()
				for i := worker; i < count; i += workers {
					test(t, first+uint64(i))
				}
			})
		}
	})
}

// TestSequences performs long random scripts of all events, one at a time, and
// compares with the model after each event.
func TestSequences(t *testing.T) {
	var performed, events atomic.Int64
	inParallel(t, *sequences, func(t *testing.T, seed uint64) {
		s := random(rand.New(rand.NewPCG(seed, 0)).IntN)
		performed.Add(1)
		events.Add(int64(len(s.bursts)))
		if d := inBubbles(t, s); d != nil {
			t.Fatalf("-seed %d: %v\nshortest: -run Replay -script '%v'", seed, d,
				shorten(s, differs(t)))
		}
	})
	fmt.Printf("sequences: %d scripts, %d events\n", performed.Load(), events.Load())
}

// random makes a sequential script of up to 30 events.
func random(choose func(n int) int) script {
	s := head(choose)
	left := 1 + choose(30)
	return sequential(s, allEvents, choose, func() bool { left--; return left >= 0 })
}

// head makes a script in which nothing happens yet.
func head(choose func(n int) int) script {
	s := script{kind: "poqd"[choose(4)], termination: "\x00t"[choose(2)], noRunner: -1, buffer: choose(3)}
	if s.isDynamic() {
		s.capacity = choose(4)
	} else {
		s.size = choose(maxMembers + 1)
		s.noRunner = max(-1, choose(s.size+6)-6)
	}
	if choose(2) == 0 {
		s.wraps = wraps[choose(len(wraps))]
	}
	return s
}
