package trees

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-3b777528/grouper"
	"github.com/tedsuo/ifrit"
	"go.uber.org/goleak"
)

var (
	duration = flag.Duration("trees.time", 2*time.Second, "how long to go on with new trees; there is always one")
	firstOne = flag.Uint64("trees.seed", 0, "seed of the first tree, whose successors follow; 0 is any")
)

// forever is longer than any tree takes, however slow the machine.
const forever = 5 * time.Minute

// outside is the signal that members may get from others than their group: it
// reaches every sigmon of a tree.
const outside = syscall.SIGUSR1

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// TestTrees runs each tree twice. In a bubble of testing/synctest a clock
// decides what happens when: the bubble panics if nothing can happen any more,
// and ends only when no goroutine is left (G9). Outside a bubble everything
// happens concurrently, and signals of the operating system come in between.
func TestTrees(t *testing.T) {
	raised := make(chan os.Signal, 1)
	signal.Notify(raised, outside) // before any bubble: its goroutine must not belong to one
	defer signal.Stop(raised)
	goroutines := runtime.NumGoroutine()

	seed := *firstOne
	if seed == 0 {
		seed = rand.Uint64()
	}
	fmt.Println("the first tree has the seed", seed) // all there is if a group panics
	begin, trees, total := time.Now(), 0, counts{}
	for ; trees == 0 || time.Since(begin) < *duration; seed++ {
		total.add(runTwice(t, seed, raised, goroutines))
		trees += 2
	}
	t.Logf("%d trees with %d started members in %.0f s: %d events, and %d times compared", trees, total.members,
		time.Since(begin).Seconds(), total.events, total.compared)
}

// counts are how many members were started, events observed, and times compared
// with the ones from Inspect.
type counts struct{ members, events, compared int64 }

func (c *counts) add(d counts) {
	c.members, c.events, c.compared = c.members+d.members, c.events+d.events, c.compared+d.compared
}

// runTwice runs the seed's tree in both ways.
func runTwice(t *testing.T, seed uint64, raised <-chan os.Signal, goroutines int) (c counts) {
	again := fmt.Sprintf("go test -race ./trees -run TestTrees -trees.time=0 -trees.seed=%d", seed)
	passed := false
	defer func() { // even if the bubble panics
		if !passed {
			fmt.Println("FAILED, and runs again with", again)
		}
	}()
	inBubble := tree{bubble: true, pace: time.Second}
	synctest.Test(t, func(t *testing.T) { inBubble.run(t, seed) })

	watchdog := time.AfterFunc(forever, func() {
		debug.SetTraceback("all")
		panic("no end of the tree of " + again)
	})
	defer watchdog.Stop()
	outsideBubble := tree{pace: 100 * time.Microsecond, raised: raised}
	outsideBubble.run(t, seed)
	for runtime.NumGoroutine() > goroutines { // G9
		time.Sleep(time.Millisecond)
	}
	if t.Failed() {
		t.FailNow()
	}
	passed = true
	c.add(inBubble.counts())
	c.add(outsideBubble.counts())
	return c
}

type tree struct {
	*testing.T
	*rand.Rand
	bubble     bool
	pace       time.Duration    // no moment is longer
	raised     <-chan os.Signal // gets the signals from outside
	exitOdds   int              // one in so many members exits by itself
	endSignals int              // how many signals are sent to end the tree

	mu      sync.Mutex // guards what follows, and the nodes' records
	members int64
	paths   map[string]string // of leaves, by their names; not changed any more
	bare    map[string]*node  // the leaves in no layer, by their paths; likewise

	events, compared atomic.Int64 // by observers, and of times with Inspect
}

func (t *tree) counts() counts { return counts{t.members, t.events.Load(), t.compared.Load()} }

// run grows a tree and signals its root at random moments, then with the signals
// that end it: one, or many if the members ignore some.
func (t *tree) run(test *testing.T, seed uint64) {
	t.T, t.Rand = test, rand.New(rand.NewPCG(seed, 0))
	t.exitOdds = 4 << t.IntN(9)
	t.paths, t.bare = make(map[string]string), make(map[string]*node)
	t.endSignals = []int{1, 1, 1, 20_000}[t.IntN(4)]
	root, observed := t.grow("root", nil, 0).recorded(), newObserved(t)
	process := ifrit.Background(grouper.Observe(root, observed.take))
	exit, exited := process.Wait(), make(chan struct{})
	go func() {
		defer close(exited)
		err := <-exit
		observed.checkEnd(err)
		t.checkFailures(err)
	}()
	defer func() { <-exited }()
	t.rest(root, observed, time.Duration(t.IntN(200))*t.moment())
	for range t.IntN(6) {
		switch t.IntN(4) {
		case 0:
			process.Signal(nil)
		case 1:
			t.raise()
		default:
			process.Signal([]os.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP}[t.IntN(3)])
		}
		t.rest(root, observed, t.moment())
	}
	for i := range t.endSignals {
		process.Signal([]os.Signal{syscall.SIGTERM, syscall.SIGINT}[i%2]) // O3 drops repeats
		select {
		case <-exited:
			return
		case <-time.After(t.moment()):
		}
	}
}

// rest waits, and in a bubble compares what Inspect returns with what was
// observed when nothing moves.
func (t *tree) rest(root ifrit.Runner, observed *observed, d time.Duration) {
	time.Sleep(d)
	if !t.bubble {
		return
	}
	synctest.Wait()
	if status, ok := grouper.Inspect(root); ok {
		observed.checkStatus(status)
	}
}

// checkFailures holds a tree to E3. A leaf's error is its name.
func (t *tree) checkFailures(err error) {
	for _, failure := range grouper.Failures(err) {
		if path, ok := t.paths[failure.Err.Error()]; ok && failure.Path != path {
			t.Errorf("E3: the failure of %s is said to be of %s", path, failure.Path)
		}
	}
}

// raise sends this program a signal of the operating system, and waits for it,
// so that none reaches a tree after its end.
func (t *tree) raise() {
	if !t.bubble {
		if err := syscall.Kill(os.Getpid(), outside); err != nil {
			t.Error(err)
			return
		}
		<-t.raised
	}
}

// moment returns a random duration, practically different from all others.
func (t *tree) moment() time.Duration {
	return time.Duration(1 + t.Int64N(int64(t.pace)))
}

func (t *tree) oneIn(n int) bool {
	return t.IntN(n) == 0
}
