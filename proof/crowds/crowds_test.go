package crowds

import (
	"bytes"
	"flag"
	"os"
	"runtime/pprof"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/pprof/profile"
	"github.com/seed-3b777528/grouper"
	"github.com/tedsuo/ifrit"
)

var size = flag.Int("crowds.members", 10_000, "how many members each group has")

func TestStaticGroups(t *testing.T) {
	for kind, newGroup := range map[string]func(os.Signal, grouper.Members) ifrit.Runner{
		"parallel":      grouper.NewParallel,
		"ordered":       grouper.NewOrdered,
		"queue-ordered": grouper.NewQueueOrdered,
	} {
		t.Run(kind, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				group := newGroup(os.Interrupt, members())
				signals, ready, exited := make(chan os.Signal), make(chan struct{}), make(chan error)
				go func() { exited <- group.Run(signals, ready) }()
				<-ready
				wantGoroutines(t, *size+1)
				signals <- os.Interrupt
				if err := <-exited; err != nil {
					t.Error(err)
				}
				wantGoroutines(t, 0)
			})
		})
	}
}

func TestDynamicGroup(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		group := grouper.NewDynamic(os.Interrupt, 0, 0)
		members := members()
		signals, exited := make(chan os.Signal), make(chan error)
		go func() { exited <- group.Run(signals, make(chan struct{})) }()
		for _, member := range members {
			group.Client().Inserter() <- member
		}
		wantGoroutines(t, *size+1)
		signals <- os.Interrupt
		if err := <-exited; err != nil {
			t.Error(err)
		}
		wantGoroutines(t, 0)
	})
}

// members returns members that are ready at once, and exit at their first
// signal.
func members() grouper.Members {
	members := make(grouper.Members, *size)
	runner := ifrit.RunFunc(func(signals <-chan os.Signal, ready chan<- struct{}) error {
		close(ready)
		<-signals
		return nil
	})
	for i := range members {
		members[i] = grouper.Member{Name: strconv.Itoa(i), Runner: runner}
	}
	return members
}

// wantGoroutines counts the goroutines that run code of the package, once none
// of them does anything any more.
func wantGoroutines(t *testing.T, want int) {
	t.Helper()
	synctest.Wait()
	var recorded bytes.Buffer
	if err := pprof.Lookup("goroutine").WriteTo(&recorded, 0); err != nil {
		t.Fatal(err)
	}
	parsed, err := profile.Parse(&recorded)
	if err != nil {
		t.Fatal(err)
	}
	got := 0
	for _, sample := range parsed.Sample {
		if slices.ContainsFunc(sample.Location, inPackage) {
			got += int(sample.Value[0])
		}
	}
	if got != want {
		t.Errorf("there are %d goroutines, want %d", got, want)
	}
}

func inPackage(location *profile.Location) bool {
	return slices.ContainsFunc(location.Line, func(line profile.Line) bool {
		return strings.Contains(line.Function.Name, "/grouper.")
	})
}
