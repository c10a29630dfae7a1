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

// TestOriginal performs random scripts on the original. Where it first differs
// from the model, a row must explain it. Left out is what would crash the test
// or never end: a closed signals channel (G3) and nil runners (G1).
func TestOriginal(t *testing.T) {
	if os.Getenv(inChild) != "" {
		performOnOriginal(t)
		return
	}
	explained := make(map[string]int)
	const some = 20_000 // scripts leave no more goroutines than a process can bear
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
	inParallel(t, *originals, func(t *testing.T, seed uint64) {
		rule := explain(t, randomForOriginal(rand.New(rand.NewPCG(seed, 0)).IntN))
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

// randomForOriginal makes a sequential script. Each event that the original
// does not survive is in some of them only, so that the others get further.
func randomForOriginal(choose func(n int) int) script {
	s := script{kind: "poqddd"[choose(6)], termination: "\x00t"[choose(2)], noRunner: -1}
	sometimes := func(letters string) string { return letters[:len(letters)*(choose(8)/7)] }
	scope := scope{
		ops:       "rxsicCefp" + sometimes("u") + sometimes("l"),
		results:   "nb" + sometimes("g"),
		signals:   "it" + sometimes("-"),
		members:   maxMembers,
		listeners: maxListeners,
	}
	if s.kind == 'd' {
		s.capacity, s.buffer = choose(4), choose(3)
		if choose(16) > 0 {
			s.bursts = append(s.bursts, single(event{op: run}))
		}
	} else {
		s.size = choose(4)
	}
	left := 1 + choose(16)
	return sequential(s, scope, choose, func() bool { left--; return left >= 0 })
}
