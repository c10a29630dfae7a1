package proof

import (
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/seed-3b777528/grouper/proof/libraries"
)

var originals = flag.Int("originals", 2000, "how many random scripts TestOriginal performs")

// A row is one of the table in docs/contract.md: where the original does
// otherwise than the rule says. It explains a difference that shows at an
// event, if it is of the row's kind.
type row struct {
	rule     string
	explains func(d deviation) bool
}

// A deviation is a difference of the original, taken apart.
type deviation struct {
	*difference
	expected view
	last     event // at which it shows
	static   static
	dynamic  dynamic // before that event
}

var rows = []row{
	{"G6: after a second signal a parallel group exits with a member still running, or ignores signals", func(d deviation) bool {
		return d.script.kind == 'p' && d.signaledTwice() && (d.seen.exited && d.seen.result != d.expected.result || d.missesSignals())
	}},
	{"D1: a group of capacity 1 exits when its first member does", func(d deviation) bool {
		return d.script.capacity == 1 && d.last.op == exit && d.seen.exited && !(d.expected.exited && d.seen.closed)
	}},
	{"D7: an insert is accepted after the signal", func(d deviation) bool {
		return d.dynamic.signal != 0 && d.acceptsMore()
	}},
	{"D6: an insert is accepted after Close", func(d deviation) bool {
		return d.dynamic.closed && d.dynamic.signal == 0 && d.acceptsMore()
	}},
	{"G10, L2: a listener that is not read blocks the group", func(d deviation) bool {
		return d.happened(func(e event) bool { return e.op == listen }) && d.someWasTold()
	}},
	{"D3: inserting a name twice panics", func(d deviation) bool {
		return d.fault("panic: member inserted twice")
	}},
	{"D10: a second Run panics", func(d deviation) bool {
		return d.last.op == run && d.script.kind == 'd' && d.fault("panic: close of closed channel")
	}},
	{"S3: an empty parallel group never becomes ready", func(d deviation) bool {
		return d.script.kind == 'p' && d.script.size == 0 && d.expected.ready && !d.seen.ready
	}},
	{"G5: a nil signal is delivered to every member", func(d deviation) bool {
		return d.script.kind != 'd' && d.script.termination == 0 && d.last.op == exit && d.static.signal == 0 && d.deliversNil()
	}},
	{"G3: a nil signal is not ignored", func(d deviation) bool {
		return d.last == event{op: signal, arg: noSignal}
	}},
	{"G8: after runtime.Goexit the group hangs", func(d deviation) bool {
		return d.happened(func(e event) bool { return e.op == exit && e.arg == goexit })
	}},
	{"S2: an ordered group that is run again goes on from its old state", func(d deviation) bool {
		return d.last.op == run && (d.script.kind == 'o' || d.script.kind == 'q')
	}},
	{"L3: a group that was closed before it ran does not close its entrance listeners", func(d deviation) bool {
		return d.dynamic.runs == 0 && !d.dynamic.begun && d.expected.closed && d.seen.entrances != d.expected.entrances
	}},
	{"D4: Get waits", func(d deviation) bool {
		return d.fault("D4: Get waits") && !d.dynamic.begun
	}},
	{"S1: an ordered group lists exits in the order of their stopping", func(d deviation) bool {
		return d.script.kind != 'p' && d.seen.exited && sameExits(d.seen.result, d.expected.result)
	}},
}

func (d deviation) fault(start string) bool {
	return slices.ContainsFunc(d.faults, func(fault string) bool { return strings.HasPrefix(fault, start) })
}

func (d deviation) acceptsMore() bool {
	for i, accepted := range d.seen.accepted {
		if accepted && !d.expected.accepted[i] {
			return true
		}
	}
	return false
}

func (d deviation) signaledTwice() bool {
	return slices.ContainsFunc(d.expected.signals[:], func(signals string) bool { return len(signals) >= 2 })
}

func (d deviation) missesSignals() bool {
	for i, signals := range d.expected.signals {
		if len(d.seen.signals[i]) < len(signals) {
			return true
		}
	}
	return false
}

func (d deviation) deliversNil() bool {
	return slices.ContainsFunc(d.seen.signals[:], func(signals string) bool { return strings.HasSuffix(signals, string(noSignal)) })
}

func (d deviation) happened(is func(event) bool) bool {
	return slices.ContainsFunc(d.script.bursts, func(b burst) bool { return is(b[0][0]) })
}

func (d deviation) someWasTold() bool {
	nothing := [ears]string{}
	return d.expected.entrances != nothing || d.expected.exits != nothing
}

func sameExits(a, b string) bool {
	split := func(trace string) []string {
		var exits []string
		for exit := range slices.Chunk([]byte(trace), 2) {
			exits = append(exits, string(exit))
		}
		slices.Sort(exits)
		return exits
	}
	return a != b && slices.Equal(split(a), split(b))
}

// TestOriginal performs random scripts on the original. Where it first differs
// from the model, a row must explain it. Left out is what would take the test
// down or never end: a closed signals channel (G3) and nil runners (G1).
func TestOriginal(t *testing.T) {
	if os.Getenv(inChild) != "" {
		performOnOriginal(t)
		return
	}
	explained := make(map[string]int)
	const some = 20_000 // leave no more behind than a process can bear
	for left := *originals; left > 0; left -= some {
		child := exec.Command(os.Args[0], "-test.run=^TestOriginal$", fmt.Sprint("-originals=", min(left, some)), fmt.Sprint("-seed=", *seed))
		child.Env = append(os.Environ(), inChild+"=1")
		output, err := child.CombinedOutput()
		if err != nil {
			t.Fatalf("%v\n%s", err, output)
		}
		for line := range strings.Lines(string(output)) {
			if rule, count, found := strings.Cut(line, "\t"); found {
				n, err := strconv.Atoi(strings.TrimSpace(count))
				if err != nil {
					t.Fatal(err)
				}
				explained[rule] += n
			}
		}
	}
	report(explained, "original: %s: %d\n")
}

func report(explained map[string]int, format string) {
	for _, rule := range slices.Sorted(maps.Keys(explained)) {
		fmt.Printf(format, rule, explained[rule])
	}
}

func performOnOriginal(t *testing.T) {
	explained := make(map[string]int)
	var mu sync.Mutex
	inLanes(t, *originals, func(t *testing.T, seed uint64) {
		rule := explain(t, forOriginal(rand.New(rand.NewPCG(seed, 0)).IntN))
		mu.Lock()
		defer mu.Unlock()
		explained[rule]++
	})
	report(explained, "%s\t%d\n")
}

func explain(t *testing.T, s script) string {
	difference := inBubble(t, s, libraries.Original)
	if difference == nil {
		return "no difference"
	}
	d := deviation{difference: difference, expected: difference.after.view()}
	if n := len(d.script.bursts); n > 0 {
		d.last = d.script.bursts[n-1][0][0]
	}
	d.static, _ = d.before.(static)
	d.dynamic, _ = d.before.(dynamic)
	for _, row := range rows {
		if row.explains(d) {
			return row.rule
		}
	}
	t.Errorf("no row explains: %v", d.difference)
	return "unexplained"
}

// forOriginal makes a sequential script. Each of what the original does not
// survive happens only in some, so that the others go further.
func forOriginal(choose func(n int) int) script {
	s := script{kind: "poqddd"[choose(6)], termination: "\x00t"[choose(2)], nobody: -1}
	sometimes := func(letters string) string { return letters[:len(letters)*(choose(8)/7)] }
	scope := scope{
		ops:     "rxsicCefp" + sometimes("u") + sometimes("l"),
		results: "nb" + sometimes("g"),
		signals: "it" + sometimes("-"),
		members: most,
		ears:    ears,
	}
	if s.kind == 'd' {
		s.capacity, s.buffer = choose(4), choose(3)
		if choose(16) > 0 {
			s.bursts = append(s.bursts, alone(event{op: run}))
		}
	} else {
		s.size = choose(4)
	}
	left := 1 + choose(16)
	return sequential(s, scope, choose, func() bool { left--; return left >= 0 })
}
