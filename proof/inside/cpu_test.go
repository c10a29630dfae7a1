package inside

import (
	"bytes"
	"os"
	"runtime/pprof"
	"testing"

	"github.com/seed-3b777528/grouper"
	"github.com/tedsuo/ifrit"
)

// A spinner spins for as many rounds as it receives, each time in a new
// goroutine, and then sends.
type spinner struct {
	rounds chan int
	spun   chan struct{}
}

func (s spinner) Run(signals <-chan os.Signal, ready chan<- struct{}) error {
	close(ready)
	for {
		select {
		case rounds := <-s.rounds:
			go func() {
				spin(rounds)
				s.spun <- struct{}{}
			}()
		case <-signals:
			return nil
		}
	}
}

var sink int

//go:noinline
func spin(rounds int) {
	sum := 0
	for i := range rounds {
		sum += i * i
	}
	sink = sum
}

// TestSpinning finds which of two members with the same code uses the processor.
func TestSpinning(t *testing.T) {
	newSpinner := func() spinner { return spinner{make(chan int), make(chan struct{})} }
	one, two := newSpinner(), newSpinner()
	jobs := grouper.NewParallel(os.Interrupt, grouper.Members{{Name: "one", Runner: one}, {Name: "two", Runner: two}})
	process := ifrit.Invoke(grouper.NewOrdered(os.Interrupt, grouper.Members{{Name: "jobs", Runner: jobs}}))
	one.wantSamples(t, "jobs/one")
	two.wantSamples(t, "jobs/two")
	process.Signal(os.Interrupt)
	<-process.Wait()
}

// wantSamples spins until a profile contains it.
func (s spinner) wantSamples(t *testing.T, path string) {
	t.Helper()
	for rounds := 1 << 20; ; rounds *= 2 {
		spinning := s.profile(t, rounds).through("inside.spin")
		for _, one := range spinning {
			if one.label != path {
				t.Errorf("%s spins, and a sample has %q", path, one.label)
			}
		}
		if len(spinning) > 0 {
			return
		}
	}
}

func (s spinner) profile(t *testing.T, rounds int) samples {
	t.Helper()
	var recorded bytes.Buffer
	if err := pprof.StartCPUProfile(&recorded); err != nil {
		t.Fatal(err)
	}
	s.rounds <- rounds
	<-s.spun
	pprof.StopCPUProfile()
	return parseProfile(t, &recorded)
}
