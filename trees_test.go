package grouper_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-3b777528/grouper"
)

// TestTrees runs random trees of all kinds of groups, each in a bubble of its
// own, whose clock decides what happens when. A bubble ends only when no
// goroutine is left (G9), and one in which nothing can happen any more panics:
// so every tree ends.
func TestTrees(t *testing.T) {
	const seeds = 500
	for seed := range uint64(seeds) {
		synctest.Test(t, func(t *testing.T) {
			tree{t, seed, rand.New(rand.NewPCG(seed, 0))}.run()
		})
	}
}

type tree struct {
	*testing.T
	seed uint64
	*rand.Rand
}

// A node is a member of a tree, with what became of it.
type node struct {
	name     string
	children []*node
	kind     string
	run      func(signals <-chan os.Signal, ready chan<- struct{}) error

	starts, exits       int
	started, signaledAt time.Time // of the latest start, and of its first signal
	err                 error
}

func (n *node) Run(signals <-chan os.Signal, ready chan<- struct{}) error {
	n.starts++
	n.started = time.Now()
	n.err = n.run(signals, ready)
	n.exits++
	return n.err
}

func (t tree) run() {
	root := t.node("root", 0)
	signals := make(chan os.Signal)
	exited := make(chan struct{})
	go func() {
		root.Run(signals, make(chan struct{}))
		close(exited)
	}()
	patience := 30 * t.moment()
	for {
		select {
		case <-exited:
			time.Sleep(time.Hour)
			t.check(root)
			return
		case <-time.After(patience):
			patience = t.moment()
		}
		select {
		case <-exited:
		case signals <- []os.Signal{nil, interrupt, terminate, hangUp}[t.IntN(4)]:
		}
	}
}

// moment is some time that no other one is equal to.
func (t tree) moment() time.Duration {
	return time.Duration(t.Int64N(int64(time.Second)))
}

func (t tree) node(name string, depth int) *node {
	n := &node{name: name}
	if depth == 4 || depth > 0 && t.IntN(3) == 0 {
		n.run = t.leaf(n)
		return n
	}
	for i := range t.IntN(9) {
		n.children = append(n.children, t.node(fmt.Sprintf("%s/%d", name, i), depth+1))
	}
	termination := []os.Signal{nil, syscall.SIGUSR1}[t.IntN(2)]
	var members grouper.Members
	for _, child := range n.children {
		members = append(members, grouper.Member{child.name, child})
	}
	kind := t.IntN(4)
	if kind == 3 {
		n.kind, n.run = "dynamic", t.dynamic(termination, members)
	} else {
		n.kind, n.run = staticKinds[kind].name, staticKinds[kind].group(termination, members).Run
	}
	return n
}

// leaf is a runner that may leave or fail by itself, at any time, or never be
// ready, and that ignores some of its signals.
func (t tree) leaf(n *node) func(<-chan os.Signal, chan<- struct{}) error {
	var readiness, departure time.Duration
	if t.IntN(50) > 0 {
		readiness = t.moment()
	}
	if t.IntN(50) == 0 {
		departure = 30 * t.moment()
	}
	deaf, shutdown := t.IntN(3), t.moment()
	result := []error{nil, errors.New(n.name)}[t.IntN(2)]
	return func(signals <-chan os.Signal, ready chan<- struct{}) error {
		var isReady, departs <-chan time.Time
		if readiness > 0 {
			isReady = time.After(readiness)
		}
		if departure > 0 {
			departs = time.After(departure)
		}
		for {
			select {
			case <-isReady:
				close(ready)
			case <-departs:
				return result
			case signal := <-signals:
				if signal == nil {
					t.Errorf("seed %d: %s got a nil signal", t.seed, n.name)
				}
				if n.signaledAt.IsZero() {
					n.signaledAt = time.Now()
				}
				if deaf--; deaf < 0 {
					time.Sleep(shutdown)
					return result
				}
			}
		}
	}
}

// dynamic inserts its members at any time, closes at some time, and returns
// its members' exits as a static group does.
func (t tree) dynamic(termination os.Signal, members grouper.Members) func(<-chan os.Signal, chan<- struct{}) error {
	group := grouper.NewDynamic(termination, t.IntN(3), t.IntN(3))
	client := group.Client()
	entrances, unread, exits := client.EntranceListener(), client.ExitListener(), client.ExitListener()
	pauses := make([]time.Duration, len(members)+1)
	for i := range pauses {
		pauses[i] = t.moment()
	}
	return func(signals <-chan os.Signal, ready chan<- struct{}) error {
		go func() {
			for i, member := range members {
				time.Sleep(pauses[i])
				select {
				case client.Inserter() <- member:
				case <-client.CloseNotifier():
				}
			}
			time.Sleep(pauses[len(members)])
			client.Close()
		}()
		err := group.Run(signals, ready)

		var entered, exited []string
		for event := range entrances {
			entered = append(entered, event.Member.Name)
		}
		var trace grouper.ErrorTrace
		for event := range exits {
			exited = append(exited, event.Member.Name)
			trace = append(trace, event)
		}
		for event := range unread {
			if len(exited) == 0 || event.Member.Name != exited[0] {
				t.Errorf("seed %d: listeners differ at the exit of %s", t.seed, event.Member.Name)
				return err
			}
			exited = exited[1:]
		}
		if slices.Sort(entered); len(entered) != len(trace) || len(slices.Compact(entered)) != len(trace) {
			t.Errorf("seed %d: entrances %v, exits %v", t.seed, entered, lines(trace...))
		}
		return errors.Join(err, trace.ErrorOrNil())
	}
}

// check looks at what became of a group and of all below it.
func (t tree) check(n *node) {
	if n.starts != n.exits || n.starts > 1 {
		t.Errorf("seed %d: %s was started %d times, and has exited %d times", t.seed, n.name, n.starts, n.exits)
	}
	var started []string
	failed := false
	for _, child := range n.children {
		t.check(child)
		if child.starts > 0 {
			started = append(started, child.name)
			failed = failed || child.err != nil
		}
		for _, sibling := range n.children { // G7
			if at := child.signaledAt; !at.IsZero() && sibling.started.After(at) {
				t.Errorf("seed %d: %s was started after %s was signaled", t.seed, sibling.name, child.name)
			}
		}
	}
	if len(n.children) == 0 || n.starts == 0 {
		return
	}
	var trace grouper.ErrorTrace
	if errors.As(n.err, &trace) != failed {
		t.Errorf("seed %d: %s (%s) returned %v, members failed: %v", t.seed, n.name, n.kind, n.err, failed)
	}
	if failed {
		var traced []string
		for _, exit := range trace {
			traced = append(traced, exit.Member.Name)
		}
		slices.Sort(started)
		slices.Sort(traced)
		if !slices.Equal(started, traced) {
			t.Errorf("seed %d: %s started %v, and its trace has %v", t.seed, n.name, started, traced)
		}
	}
}
