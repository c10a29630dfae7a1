package proof

import (
	"flag"
	"fmt"
	"sync/atomic"
	"testing"

	"github.com/seed-3b777528/grouper/proof/libraries"
)

var deeper = flag.Int("deeper", 0, "how many more events the scripts of TestExhaustively have")

// An odometer goes through all the ways in which a sequence of choices can be
// made: each time round, the last choice that has another way left takes it.
type odometer struct {
	choices, ways []int
	at            int
}

func (o *odometer) choose(n int) int {
	if o.at == len(o.choices) {
		o.choices, o.ways = append(o.choices, 0), append(o.ways, n)
	}
	o.at++
	return o.choices[o.at-1]
}

// next turns to the next way, if there is one.
func (o *odometer) next() bool {
	o.at = 0
	for last := len(o.choices) - 1; last >= 0; last-- {
		o.choices, o.ways = o.choices[:last+1], o.ways[:last+1]
		if o.choices[last]++; o.choices[last] < o.ways[last] {
			return true
		}
	}
	return false
}

// TestExhaustively performs every script that there is, of so many events, and
// compares with the model after each one. A script that the model cannot go on
// with is as long as it can be. Scripts are compared all along, so those that
// are the beginning of others are not performed again.
func TestExhaustively(t *testing.T) {
	var scripts, events atomic.Int64
	t.Run("scripts", func(t *testing.T) {
		for _, e := range exhaustions() {
			t.Run(fmt.Sprintf("%v depth=%d", e.head, e.depth), func(t *testing.T) {
				t.Parallel()
				for o, more := new(odometer), true; more; more = o.next() {
					left := e.depth
					s := sequential(e.head, e.scope, o.choose, func() bool { left--; return left >= 0 })
					scripts.Add(1)
					events.Add(int64(len(s.bursts)))
					if d := inBubble(t, s, libraries.Ours); d != nil {
						t.Fatal(d)
					}
				}
			})
		}
	})
	fmt.Printf("exhaustive: %d scripts, %d events\n", scripts.Load(), events.Load())
}

type exhaustion struct {
	head  script
	scope scope
	depth int
}

func exhaustions() []exhaustion {
	var all []exhaustion
	for _, termination := range []byte{0, terminate} {
		for _, kind := range []byte("poq") {
			for size := range 4 {
				for nobody := -1; nobody < size; nobody++ {
					head := script{kind: kind, termination: termination, size: size, nobody: nobody}
					all = append(all, exhaustion{head, scope{ops: "rxsu", results: "nb", signals: "it-"}, 4 + *deeper})
				}
			}
		}
		for capacity := range 3 {
			for buffer := range 3 {
				head := script{kind: 'd', termination: termination, nobody: -1, capacity: capacity, buffer: buffer}
				all = append(all, exhaustion{head, scope{ops: "rxsuicl", results: "nb", signals: "it-", members: 3, ears: 2}, 3 + *deeper})
			}
		}
	}
	return all
}
