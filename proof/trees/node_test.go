package trees

import (
	"errors"
	"fmt"
	"os"
	"syscall"

	"github.com/seed-3b777528/grouper"
	"github.com/tedsuo/ifrit"
	"github.com/tedsuo/ifrit/restart"
	"github.com/tedsuo/ifrit/sigmon"
)

type kind int

const (
	leaf kind = iota
	parallel
	ordered
	queueOrdered
	dynamic
)

var static = map[kind]func(os.Signal, grouper.Members) ifrit.Runner{
	parallel:     grouper.NewParallel,
	ordered:      grouper.NewOrdered,
	queueOrdered: grouper.NewQueueOrdered,
}

// A node is a member of a tree, with a record of its latest run.
type node struct {
	*tree
	name        string
	kind        kind
	parent      *node
	place       int // among the parent's children
	children    []*node
	runner      ifrit.Runner // nil for a member that has none (G1)
	termination os.Signal
	client      grouper.DynamicClient
	record
}

// grow makes a node and all below it. All that is random is chosen here, not
// while the tree runs.
func (t *tree) grow(name string, parent *node, depth int) *node {
	n := &node{tree: t, name: name, parent: parent}
	switch {
	case depth > 0 && t.oneIn(10*t.exitOdds): // no runner
	case depth == 4 || depth > 0 && t.oneIn(3):
		leaf := n.newLeaf()
		n.runner = leaf
		if !leaf.goexits { // sigmon and restart would wait forever
			n.runner = t.wrap(leaf)
		}
	default:
		n.kind = parallel + kind(t.IntN(4))
		for i := range t.IntN(12) {
			child := t.grow(fmt.Sprintf("%s/%d", name, i), n, depth+1)
			child.place = i
			n.children = append(n.children, child)
		}
		n.runner = t.wrap(n.newGroup())
	}
	return n
}

func (n *node) newGroup() ifrit.Runner {
	n.termination = []os.Signal{nil, syscall.SIGUSR2}[n.IntN(2)]
	var members grouper.Members
	for _, child := range n.children {
		members = append(members, child.member())
	}
	if n.kind == dynamic {
		return n.newDynamic(members)
	}
	duplicate := len(members) > 0 && n.oneIn(10*n.exitOdds)
	if duplicate {
		members = append(members, members[0])
	}
	return n.newStatic(static[n.kind](n.termination, members), duplicate)
}

func (n *node) member() grouper.Member {
	if n.runner == nil {
		return grouper.Member{Name: n.name}
	}
	return grouper.Member{Name: n.name, Runner: n}
}

// wrap may put a runner into other runners of ifrit. A restart runs it again
// (S2).
func (t *tree) wrap(runner ifrit.Runner) ifrit.Runner {
	for t.oneIn(8) {
		if t.oneIn(2) {
			runner = sigmon.New(runner, outside)
		} else {
			runner = restarted(runner, 1+t.IntN(2))
		}
	}
	return runner
}

func restarted(runner ifrit.Runner, times int) ifrit.Runner {
	return ifrit.RunFunc(func(signals <-chan os.Signal, ready chan<- struct{}) error {
		left := times
		load := func(ifrit.Runner, error) ifrit.Runner {
			if left--; left < 0 {
				return nil
			}
			return runner
		}
		return restart.Restarter{Runner: runner, Load: load}.Run(signals, ready)
	})
}

// Run is for the parent group.
func (n *node) Run(signals <-chan os.Signal, ready chan<- struct{}) (err error) {
	n.begin()
	err = errors.New("Goexit") // unless the runner returns
	defer func() { n.end(err) }()
	if n.parent != nil && n.parent.kind == dynamic {
		if _, found := n.parent.client.Get(n.name); !found {
			n.Errorf("%s was not found in %s", n.name, n.parent.name) // D4
		}
	}
	return n.runner.Run(signals, ready)
}

// newStatic returns a static group whose runs are checked.
func (n *node) newStatic(group ifrit.Runner, duplicate bool) ifrit.Runner {
	return ifrit.RunFunc(func(signals <-chan os.Signal, ready chan<- struct{}) error {
		n.beginRun()
		err := group.Run(signals, ready)
		n.endRun()
		trace, traced := err.(grouper.ErrorTrace)
		if _, refused := err.(grouper.ErrDuplicateNames); refused != duplicate || !refused && !traced && err != nil {
			n.Errorf("%s, with duplicates: %t, returned %v", n.name, duplicate, err)
		}
		n.checkExits(trace, traced)
		return err
	})
}
