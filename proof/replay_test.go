package proof

import (
	"flag"
	"testing"

	"github.com/seed-3b777528/grouper/proof/libraries"
)

var replay = flag.String("script", "", "the script that TestReplay performs")

// TestReplay performs one script, as a failure prints it.
func TestReplay(t *testing.T) {
	if *replay == "" {
		t.Skip("needs -script")
	}
	holds(t, *replay)
}

// holds tests a script: as a sequence if one event comes after the other, and
// in any case as a schedule, many times.
func holds(t *testing.T, text string) {
	s, err := parse(text)
	if err != nil {
		t.Fatal(err)
	}
	if s.sequential() {
		if d := inBubble(t, s, libraries.Ours); d != nil {
			t.Error(d)
		}
	}
	for range 300 {
		if _, faults := schedule(t, s); faults != nil {
			t.Fatalf("%v: %q", s, faults)
		}
	}
}
