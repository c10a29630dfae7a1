package grouper_test

import (
	"bytes"
	"flag"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"runtime/pprof"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/seed-3b777528/grouper"
	"github.com/seed-3b777528/grouper/fakes"
	"github.com/tedsuo/ifrit"
)

const (
	interrupt = syscall.SIGINT
	terminate = syscall.SIGTERM
	hangUp    = syscall.SIGHUP
)

// forever is longer than anything takes, however slow the machine.
const forever = 5 * time.Minute

// suite is what testing/synctest wants to have.
var suite *testing.T

func TestGrouper(t *testing.T) {
	if flag.Lookup("test.count").Value.String() != "1" {
		runInChild(t)
		return
	}
	suite = t
	RegisterFailHandler(Fail)
	RunSpecs(t, "grouper")
}

// runInChild is for go test -count: Ginkgo runs a suite only once in a
// process, so each time takes a process of its own.
func runInChild(t *testing.T) {
	output, err := child("^TestGrouper$").CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
}

// child is this test binary, to run some of its tests.
func child(tests string) *exec.Cmd {
	command := exec.Command(os.Args[0], "-test.run="+tests, "-test.timeout="+forever.String())
	command.Env = os.Environ()
	return command
}

// bubble makes a spec run in a bubble of testing/synctest, where settle waits
// until nothing happens any more. A bubble ends only when all its goroutines
// have: each spec in one shows that its groups leave none behind (G9).
func bubble(body func()) func() {
	return func() {
		synctest.Test(suite, func(*testing.T) {
			defer GinkgoRecover()
			body()
		})
	}
}

func settle() { synctest.Wait() }

// A run is a runner that was started, without any goroutine but its own.
type run struct {
	signals chan os.Signal
	ready   chan struct{}
	exited  bool
	err     error
}

// start runs a runner and lets it settle.
func start(runner ifrit.Runner) *run {
	r := &run{signals: make(chan os.Signal), ready: make(chan struct{})}
	go func() {
		r.err = runner.Run(r.signals, r.ready)
		r.exited = true
	}()
	settle()
	return r
}

// signal hands the runner a signal, which it must take, and lets it settle.
func (r *run) signal(signal os.Signal) {
	r.signals <- signal
	settle()
}

func (r *run) isReady() bool {
	select {
	case <-r.ready:
		return true
	default:
		return false
	}
}

// trace is what the run has returned, one line an exit.
func (r *run) trace() []string {
	GinkgoHelper()
	Expect(r.exited).To(BeTrue(), "the group has not exited")
	var trace grouper.ErrorTrace
	Expect(r.err).To(BeAssignableToTypeOf(trace))
	return lines(r.err.(grouper.ErrorTrace)...)
}

func lines(exits ...grouper.ExitEvent) []string {
	var lines []string
	for _, exit := range exits {
		line := exit.Member.Name
		if exit.Err != nil {
			line += ": " + exit.Err.Error()
		}
		lines = append(lines, line)
	}
	return lines
}

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

func ready(runner *fakes.Runner) {
	runner.TriggerReady()
	settle()
}

func exit(runner *fakes.Runner, err error) {
	runner.TriggerExit(err)
	settle()
}

// exitAll makes the runners exit that are still running.
func exitAll(runners ...*fakes.Runner) {
	for _, runner := range runners {
		if runner.Running() {
			exit(runner, nil)
		}
	}
}

// starts says how many times each runner was started.
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

// A kind builds a group of any kind, so that specs can go through all of them.
type kind struct {
	name  string
	group func(termination os.Signal, members grouper.Members) ifrit.Runner
}

var staticKinds = []kind{
	{"parallel", grouper.NewParallel},
	{"ordered", grouper.NewOrdered},
	{"queue-ordered", grouper.NewQueueOrdered},
}

var allKinds = append([]kind{{"dynamic", newInserted}}, staticKinds...)

// newInserted returns a dynamic group that gets its members when it runs, and
// returns its members' exits as a static group does.
func newInserted(termination os.Signal, members grouper.Members) ifrit.Runner {
	return ifrit.RunFunc(func(signals <-chan os.Signal, ready chan<- struct{}) error {
		group := grouper.NewDynamic(termination, 0, 0)
		exits := group.Client().ExitListener()
		go func() {
			for _, member := range members {
				select {
				case group.Client().Inserter() <- member:
				case <-group.Client().CloseNotifier():
					return
				}
			}
		}()
		if err := group.Run(signals, ready); err != nil {
			return err
		}
		var trace grouper.ErrorTrace
		for exit := range exits {
			trace = append(trace, exit)
		}
		return trace.ErrorOrNil()
	})
}

func forEach(kinds []kind, specs func(kind)) {
	for _, kind := range kinds {
		Describe("in a group that is "+kind.name, func() { specs(kind) })
	}
}

// goroutines counts the goroutines that run code of the package: the groups' own,
// their members', and any other that the package starts.
func goroutines() int {
	var profile bytes.Buffer
	if err := pprof.Lookup("goroutine").WriteTo(&profile, 1); err != nil {
		panic(err)
	}
	total := 0
	for stacks := range strings.SplitSeq(profile.String(), "\n\n") {
		if strings.Contains(stacks, "/grouper.") {
			count, err := strconv.Atoi(profileCount.FindStringSubmatch(stacks)[1])
			if err != nil {
				panic(err)
			}
			total += count
		}
	}
	return total
}

// profileCount is how many goroutines have the stack that follows.
var profileCount = regexp.MustCompile(`(?m)^(\d+) @ `)

// heapInUse is what is reachable, in bytes.
func heapInUse() int {
	runtime.GC()
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return int(stats.HeapAlloc)
}
