package trees

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"

	"github.com/seed-3b777528/grouper"
	"github.com/tedsuo/ifrit"
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
	path        string // below the root
	once        bool   // it is run at most once
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
	if parent != nil {
		n.path = strings.TrimPrefix(parent.path+"/"+name, "/")
	}
	n.once = parent == nil || parent.once && parent.kind != dynamic
	switch {
	case depth > 0 && t.oneIn(10*t.exitOdds): // no runner
	case depth == 4 || depth > 0 && t.oneIn(3):
		n.runner = n.newAnyLeaf()
	default:
		n.kind = parallel + kind(t.IntN(4))
		layers := t.newLayers()
		n.once = n.once && !layers.runAgain()
		for i := range t.IntN(12) {
			child := t.grow(fmt.Sprintf("%s/%d", name, i), n, depth+1)
			child.place = i
			n.children = append(n.children, child)
		}
		n.runner = layers.around(n.newGroup())
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
	return grouper.Member{Name: n.name, Runner: n.recorded()}
}

// recorded returns the node's runner so that its runs are recorded. A leaf that
// is a runner of another package stays one: a Wrap would see when it is ready.
func (n *node) recorded() ifrit.Runner {
	if leaf, ok := n.runner.(*leafRunner); ok {
		return n.recording(leaf)
	}
	return grouper.Wrap(n.runner, n.recording)
}

func (n *node) recording(inside ifrit.Runner) ifrit.Runner {
	return ifrit.RunFunc(func(signals <-chan os.Signal, ready chan<- struct{}) (err error) {
		n.begin()
		err = errors.New("Goexit") // unless the runner returns
		defer func() { n.end(err) }()
		if n.parent != nil && n.parent.kind == dynamic {
			if _, found := n.parent.client.Get(n.name); !found {
				n.Errorf("%s was not found in %s", n.name, n.parent.name) // D4
			}
		}
		err = inside.Run(signals, ready)
		var stopped grouper.SignalError
		if errors.Is(err, context.Canceled) || errors.As(err, &stopped) {
			n.Errorf("%s returned %v", n.name, err) // C3
		}
		return err
	})
}

// newStatic returns a static group whose runs are checked.
func (n *node) newStatic(group ifrit.Runner, duplicate bool) ifrit.Runner {
	return grouper.Wrap(group, func(inside ifrit.Runner) ifrit.Runner {
		return ifrit.RunFunc(func(signals <-chan os.Signal, ready chan<- struct{}) error {
			n.beginRun()
			err := inside.Run(signals, ready)
			n.endRun()
			trace, traced := err.(grouper.ErrorTrace)
			if _, refused := err.(grouper.ErrDuplicateNames); refused != duplicate || !refused && !traced && err != nil {
				n.Errorf("%s, with duplicates: %t, returned %v", n.name, duplicate, err)
			}
			n.checkExits(trace, traced)
			return err
		})
	})
}
