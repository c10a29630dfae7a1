package proof

import (
	"flag"
	"fmt"
	"sync/atomic"
	"testing"

	"github.com/seed-3b777528/grouper/proof/libraries"
)

var deeper = flag.Int("deeper", 0, "how many more events the scripts of TestExhaustively have")

// An enumerator makes a sequence of choices in all possible ways, one after the
// other: each time, the last choice with an option left takes its next one.
type enumerator struct {
	choices, ways []int
	at            int
}

func (o *enumerator) choose(n int) int {
	if o.at == len(o.choices) {
		o.choices, o.ways = append(o.choices, 0), append(o.ways, n)
	}
	o.at++
	return o.choices[o.at-1]
}

// next moves on to the next sequence, and reports whether there is one.
func (o *enumerator) next() bool {
	o.at = 0
	for last := len(o.choices) - 1; last >= 0; last-- {
		o.choices, o.ways = o.choices[:last+1], o.ways[:last+1]
		if o.choices[last]++; o.choices[last] < o.ways[last] {
			return true
		}
	}
	return false
}

// TestExhaustively performs every script of a number of events, or fewer if the
// model allows no more, and compares with the model after each event. So it
// need not perform scripts that are the beginning of others. Groups that are not
// observed get one event less, and wrapped members always are.
func TestExhaustively(t *testing.T) {
	var scripts, events atomic.Int64
	t.Run("scripts", func(t *testing.T) {
		for _, e := range exhaustiveCases() {
			t.Run(fmt.Sprintf("%v depth=%d", e.head, e.depth), func(t *testing.T) {
				t.Parallel()
				perform := func(depth int, library libraries.Library) {
					for o, more := new(enumerator), true; more; more = o.next() {
						left := depth
						s := sequential(e.head, e.scope, o.choose, func() bool { left--; return left >= 0 })
						scripts.Add(1)
						events.Add(int64(len(s.bursts)))
						if d := inBubble(t, s, library); d != nil {
							t.Fatal(d)
						}
					}
				}
				perform(e.depth, libraries.Ours)
				if e.head.wraps == 0 {
					perform(e.depth-1, libraries.Unobserved)
				}
			})
		}
	})
	fmt.Printf("exhaustive: %d scripts, %d events\n", scripts.Load(), events.Load())
}

type exhaustiveCase struct {
	head  script
	scope scope
	depth int
}

func exhaustiveCases() []exhaustiveCase {
	var all []exhaustiveCase
	for _, termination := range []byte{0, terminate} {
		all = append(all, staticCases(termination, 0, 3, 4+*deeper)...)
		all = append(all, staticCases(termination, again, 1, 4+*deeper)...)
		for _, wraps := range []byte{identity, passing, again} {
			all = append(all, staticCases(termination, wraps, 2, 3+*deeper)...)
		}
		for capacity := range 3 {
			for buffer := range 3 {
				all = append(all, dynamicCase(termination, 0, capacity, buffer))
			}
		}
		all = append(all, dynamicCase(termination, passing, 1, 1), dynamicCase(termination, again, 2, 0))
	}
	return all
}

func staticCases(termination, wraps byte, largest, depth int) (all []exhaustiveCase) {
	for _, kind := range []byte("poq") {
		for size := range largest + 1 {
			for noRunner := -1; noRunner < size; noRunner++ {
				head := script{kind: kind, termination: termination, size: size, noRunner: noRunner, wraps: wraps}
				all = append(all, exhaustiveCase{head, scope{ops: "rxsu", results: "nb", signals: "it-"}, depth})
			}
		}
	}
	return all
}

func dynamicCase(termination, wraps byte, capacity, buffer int) exhaustiveCase {
	head := script{kind: 'd', termination: termination, noRunner: -1, capacity: capacity, buffer: buffer, wraps: wraps}
	return exhaustiveCase{head, scope{ops: "rxsuicl", results: "nb", signals: "it-", members: 3, listeners: 2}, 3 + *deeper}
}
