package grouper_test

import (
	"context"
	"errors"
	"os"
	"strconv"

	"github.com/seed-3b777528/grouper"
	"github.com/seed-3b777528/grouper/fakes"
	"github.com/tedsuo/ifrit"
)

// crew makes members named a, b, c and so on, and the runners to drive them.
func crew(n int) (grouper.Members, []*fakes.Runner) {
	members := make(grouper.Members, n)
	runners := make([]*fakes.Runner, n)
	for i := range members {
		runners[i] = fakes.NewRunner()
		members[i] = grouper.Member{string(rune('a' + i)), runners[i]}
	}
	return members, runners
}

// crowd makes members with numbers for names, which all run the same runner.
func crowd(n int, runner ifrit.Runner) grouper.Members {
	members := make(grouper.Members, n)
	for i := range members {
		members[i] = grouper.Member{strconv.Itoa(i), runner}
	}
	return members
}

func ready(runner *fakes.Runner) {
	runner.TriggerReady()
	settle()
}

func exit(runner *fakes.Runner, err error) {
	runner.TriggerExit(err)
	settle()
}

// exitAll makes all running runners exit.
func exitAll(runners ...*fakes.Runner) {
	for _, runner := range runners {
		if runner.Running() {
			exit(runner, nil)
		}
	}
}

// starts returns how many times each runner was started.
func starts(runners []*fakes.Runner) []int {
	var starts []int
	for _, runner := range runners {
		starts = append(starts, runner.Starts())
	}
	return starts
}

// untilSignaled is ready at once, and exits at its first signal.
var untilSignaled = ifrit.RunFunc(func(signals <-chan os.Signal, ready chan<- struct{}) error {
	close(ready)
	<-signals
	return nil
})

// untilDone is a WorkerFunc that returns the error of its context.
func untilDone(ctx context.Context) error {
	<-ctx.Done()
	return ctx.Err()
}

// flash is ready at once, and exits with nil.
var flash = ifrit.RunFunc(func(_ <-chan os.Signal, ready chan<- struct{}) error {
	close(ready)
	return nil
})

// leaver exits at once with nil, without being ready.
var leaver = ifrit.RunFunc(func(<-chan os.Signal, chan<- struct{}) error { return nil })

// A mute is an error and a signal that panics when asked for its text: with
// its reason, or because it is a nil pointer.
type mute struct{ reason any }

func (m *mute) Error() string  { panic(m.reason) }
func (m *mute) String() string { panic(m.reason) }
func (*mute) Signal()          {}

// mutes has one mute of each kind. The last one panics once more when its
// panic is printed, which package fmt does not recover.
var mutes = map[string]*mute{
	"are nil pointers":      nil,
	"panic":                 {"no text"},
	"panic with themselves": {},
}

func init() {
	m := mutes["panic with themselves"]
	m.reason = m
}

// panics reports whether body does. Gomega and Ginkgo would print what it
// panics with, and panic in turn.
func panics(body func()) (panicked bool) {
	defer func() { panicked = recover() != nil }()
	body()
	return false
}

var errBoom = errors.New("boom")

// numbered is a signal with a number.
type numbered int

func (numbered) Signal()          {}
func (n numbered) String() string { return strconv.Itoa(int(n)) }

func numberedUpTo(n int) []os.Signal {
	signals := make([]os.Signal, n)
	for i := range signals {
		signals[i] = numbered(i)
	}
	return signals
}
