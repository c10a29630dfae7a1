package trees

import (
	"errors"
	"os"
	"runtime"
	"time"

	"github.com/seed-3b777528/grouper"
)

// A leafRunner may exit by itself at any time, or never be ready, and takes some
// time to stop. In a dynamic group it may insert another member, and close the
// group.
type leafRunner struct {
	*node
	readiness, departure, closing, stopping time.Duration // 0 is never
	stopsReading, goexits                   bool
	ignores                                 int // signals
	another                                 *node
	result                                  error
}

func (n *node) newLeaf() *leafRunner {
	n.paths[n.name] = n.path
	l := &leafRunner{node: n, stopsReading: n.oneIn(2), stopping: n.moment()}
	if !n.oneIn(10 * n.exitOdds) {
		l.readiness = n.moment()
	}
	if n.oneIn(n.exitOdds) {
		l.departure = 20 * n.moment()
		l.goexits = n.oneIn(4)
	}
	if n.endSignals > 1 {
		l.ignores = n.IntN(3)
	}
	if n.oneIn(2) {
		l.result = errors.New(n.name)
	}
	if n.parent.kind == dynamic && n.oneIn(4) {
		l.another = &node{tree: n.tree, name: n.name + "+", path: n.path + "+", parent: n.parent}
		l.another.runner = l.another.newLeaf()
		if n.oneIn(4) {
			l.closing = 5 * n.moment()
		}
	}
	return l
}

func (l *leafRunner) Run(signals <-chan os.Signal, ready chan<- struct{}) error {
	isReady, closes, leaves := after(l.readiness), after(l.closing), after(l.departure)
	another, inserter := l.insert()
	signaled, closed, got := false, false, 0
	for {
		select {
		case <-isReady:
			if !signaled {
				l.isReady()
			}
			close(ready)
		case inserter <- another:
			l.parent.isInserted()
			if signaled || closed {
				l.Errorf("%s inserted a member into a closed group", l.name) // D6, D7
			}
			inserter = nil
		case <-closes:
			l.parent.client.Close()
			closed = true
			another, inserter = l.insert() // once more
		case signal := <-signals:
			signaled = l.isSignaled(signal) || signaled
			another, inserter = l.insert()
			if got++; got == l.ignores+1 {
				leaves = after(l.stopping)
				if l.stopsReading {
					signals = nil
				}
			}
		case <-leaves:
			if l.goexits {
				runtime.Goexit()
			}
			return l.result
		}
	}
}

// insert returns the member that this one inserts, and the channel for that.
func (l *leafRunner) insert() (grouper.Member, chan<- grouper.Member) {
	if l.another == nil {
		return grouper.Member{}, nil
	}
	return l.another.member(), l.parent.client.Inserter()
}

// after is [time.After], but blocks forever for 0.
func after(d time.Duration) <-chan time.Time {
	if d == 0 {
		return nil
	}
	return time.After(d)
}
