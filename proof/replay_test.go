package proof

import (
	"flag"
	"testing"
)

var replay = flag.String("script", "", "the script that TestReplay performs")

// TestReplay performs one script, as a failure prints it.
func TestReplay(t *testing.T) {
	if *replay == "" {
		t.Skip("needs -script")
	}
	checkScript(t, *replay)
}

// checkScript tests a script as a schedule, many times, and if its events come
// one at a time also as a sequence.
func checkScript(t *testing.T, text string) {
	s, err := parse(text)
	if err != nil {
		t.Fatal(err)
	}
	if s.sequential() {
		if d := inBubbles(t, s); d != nil {
			t.Error(d)
		}
	}
	for range 300 {
		if _, faults := bothSchedules(t, s); faults != nil {
			t.Fatalf("%v: %q", s, faults)
		}
	}
}
