package original

import (
	"errors"
	"os"
	"slices"
	"strconv"
	"syscall"
	"testing"
	"testing/synctest"

	"github.com/seed-3b777528/grouper"
	"github.com/seed-3b777528/grouper/fakes"
	"github.com/seed-3b777528/grouper/proof/libraries"
	"github.com/tedsuo/ifrit"
)

const (
	interrupt = syscall.SIGINT
	terminate = syscall.SIGTERM
	hangUp    = syscall.SIGHUP
)

var errBoom = errors.New("boom")

// A run is a group that was started, without any goroutine but its own.
type run struct {
	signals chan os.Signal
	ready   chan struct{}
	exited  bool
	err     error
}

// start runs a group, until all that this leads to has happened.
func start(group ifrit.Runner) *run {
	r := &run{signals: make(chan os.Signal), ready: make(chan struct{})}
	go func() {
		r.err = group.Run(r.signals, r.ready)
		r.exited = true
	}()
	synctest.Wait()
	return r
}

func (r *run) signal(signals ...os.Signal) {
	for _, signal := range signals {
		r.signals <- signal
		synctest.Wait()
	}
}

func (r *run) wantReady(t *testing.T) {
	t.Helper()
	select {
	case <-r.ready:
	default:
		t.Fatal("the group is not ready")
	}
}

func (r *run) wantRunning(t *testing.T) {
	t.Helper()
	if r.exited {
		t.Fatal("the group has exited")
	}
}

func (r *run) wantExited(t *testing.T) {
	t.Helper()
	if !r.exited {
		t.Fatal("the group has not exited")
	}
}

// wantTrace wants what the group has returned to be a trace of these exits.
func wantTrace(t *testing.T, library libraries.Library, err error, want ...string) {
	t.Helper()
	trace, _ := library.Trace(err)
	var got []string
	for _, exit := range trace {
		line := exit.Member.Name
		if exit.Err != nil {
			line += ": " + exit.Err.Error()
		}
		got = append(got, line)
	}
	if !slices.Equal(got, want) {
		t.Fatalf("the trace is %q, want %q", got, want)
	}
}

func wantSignals(t *testing.T, runner *fakes.Runner, want ...os.Signal) {
	t.Helper()
	if got := runner.Signals(); !slices.Equal(got, want) {
		t.Fatalf("the member got the signals %v, want %v", got, want)
	}
}

// members returns members named a, b, c and so on, and the runners to drive
// them.
func members(n int) (grouper.Members, []*fakes.Runner) {
	members := make(grouper.Members, n)
	runners := make([]*fakes.Runner, n)
	for i := range members {
		runners[i] = fakes.NewRunner()
		members[i] = grouper.Member{Name: string(rune('a' + i)), Runner: runners[i]}
	}
	return members, runners
}

func ready(runners ...*fakes.Runner) {
	for _, runner := range runners {
		runner.TriggerReady()
		synctest.Wait()
	}
}

func exit(runner *fakes.Runner, err error) {
	runner.TriggerExit(err)
	synctest.Wait()
}

// copies returns members that have the same runner.
func copies(n int, runner ifrit.RunFunc) grouper.Members {
	members := make(grouper.Members, n)
	for i := range members {
		members[i] = grouper.Member{Name: strconv.Itoa(i), Runner: runner}
	}
	return members
}

// untilSignaled is ready at once, and exits at its first signal.
func untilSignaled(signals <-chan os.Signal, ready chan<- struct{}) error {
	close(ready)
	<-signals
	return nil
}

// numbered is a signal that shows which one it is.
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
