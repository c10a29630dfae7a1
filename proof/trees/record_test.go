package trees

import (
	"errors"
	"os"
	"slices"
	"time"

	"github.com/seed-3b777528/grouper"
)

// A record is what is known of a node's latest run. What a group waits for
// (readiness and exits) is recorded before the group can know of it, and what it
// does (starts and signals) after it was done. So what is recorded in the wrong
// order has happened in the wrong order, even outside a bubble.
type record struct {
	running, wasReady bool
	readyAt           time.Time

	// Of a group:
	groupRuns      bool
	membersRunning int
	inserted       int       // accepted inserts
	exits          []exit    // in their order
	shutdownAt     time.Time // when shutdown had begun, or zero
}

type exit struct {
	name string
	err  error
	at   time.Time
}

func (n *node) begin() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.members++
	if n.running {
		n.Errorf("%s was started while it ran", n.name)
	}
	n.running, n.wasReady = true, false
	group := n.parent
	if group == nil {
		return
	}
	group.membersRunning++
	if !group.groupRuns {
		n.Errorf("%s was started when its group was not running", n.name)
	}
	// Outside a bubble, a member may record its start after a later signal.
	if n.bubble && !group.shutdownAt.IsZero() && time.Now().After(group.shutdownAt) {
		n.Errorf("%s was started after shutdown began", n.name) // G7
	}
	if (group.kind == ordered || group.kind == queueOrdered) && !allReady(group.children[:n.place]) {
		n.Errorf("%s was started before the members before it were ready", n.name) // O1
	}
}

func (n *node) end(err error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.running = false
	if group := n.parent; group != nil {
		group.membersRunning--
		group.exits = append(group.exits, exit{n.name, err, time.Now()})
		if group.termination != nil { // G4
			group.shutDown()
		}
	}
}

func (n *node) shutDown() {
	if n.shutdownAt.IsZero() {
		n.shutdownAt = time.Now()
	}
}

// isReady records that the node is about to be ready. A static group is ready
// as soon as its last member is.
func (n *node) isReady() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.wasReady, n.readyAt = true, time.Now()
	for group := n.parent; group != nil && group.kind != dynamic && allReady(group.children); group = group.parent {
		group.wasReady = true
	}
}

// checkReady holds what Inspect returns of a leaf to V4: of one that is observed
// it is exact.
func (n *node) checkReady(status grouper.MemberStatus) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.running && n.wasReady && !status.Times.Ready.Equal(n.readyAt) {
		n.Errorf("V4: %s was ready at %v, and Inspect returns %v", n.name, n.readyAt, status.Times.Ready)
	}
}

func allReady(nodes []*node) bool {
	return !slices.ContainsFunc(nodes, func(n *node) bool { return !n.wasReady })
}

// isSignaled records a signal, and reports whether the group sent it.
func (n *node) isSignaled(signal os.Signal) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	if signal == nil {
		n.Errorf("%s got a nil signal", n.name) // G3, G5
	}
	if signal == outside {
		return false
	}
	group := n.parent
	group.shutDown()
	for _, other := range group.children { // O2
		if other.running && (group.kind == ordered && other.place > n.place || group.kind == queueOrdered && other.place < n.place) {
			n.Errorf("%s was signaled before %s has exited", n.name, other.name)
		}
	}
	return true
}

func (n *node) isInserted() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.inserted++
}

// beginRun begins one run of a group. In a restart there may have been others.
func (n *node) beginRun() {
	n.mu.Lock()
	for _, child := range n.children {
		child.wasReady = false
	}
	n.groupRuns, n.inserted, n.exits, n.shutdownAt = true, 0, nil, time.Time{}
	n.mu.Unlock()
	if n.kind == dynamic || len(n.children) == 0 { // D1, S3
		n.isReady()
	}
}

// endRun ends the run.
func (n *node) endRun() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.groupRuns = false
	if n.membersRunning > 0 {
		n.Errorf("%s returned when %d of its members were running", n.name, n.membersRunning) // G6
	}
}

// checkExits compares the exits that the group has reported with the actual
// ones. If it has not reported all, none of the others may have failed.
func (n *node) checkExits(reported grouper.ErrorTrace, all bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	var latest time.Time
	for _, event := range reported {
		if event.Member.Runner == nil {
			if !errors.Is(event.Err, grouper.ErrNilRunner) {
				n.Errorf("%s, without a runner, exited with %v", event.Member.Name, event.Err)
			}
			continue
		}
		i := slices.IndexFunc(n.exits, func(e exit) bool { return e.name == event.Member.Name })
		if i < 0 {
			n.Errorf("%s reported an exit of %s", n.name, event.Member.Name)
			continue
		}
		exit := n.exits[i]
		n.exits = slices.Delete(n.exits, i, i+1)
		if (event.Err == nil) != (exit.err == nil) {
			n.Errorf("%s exited with %v, and %s reported %v", exit.name, exit.err, n.name, event.Err)
		}
		if n.bubble && exit.at.Before(latest) { // outside a bubble, exits may be recorded in another order
			n.Errorf("%s reported the exit of %s too late", n.name, exit.name)
		}
		latest = exit.at
	}
	for _, exit := range n.exits {
		if all || exit.err != nil {
			n.Errorf("%s did not report that %s exited with %v", n.name, exit.name, exit.err)
		}
	}
}

// checkEntrances holds a dynamic group to D5. Every accepted insert has become
// an exit.
func (n *node) checkEntrances(entrances []grouper.EntranceEvent, trace grouper.ErrorTrace, exits int) {
	n.mu.Lock()
	defer n.mu.Unlock()
	entered := entranceNames(entrances)
	exited := names(trace)
	slices.Sort(entered)
	slices.Sort(exited)
	if !slices.Equal(entered, exited) {
		n.Errorf("%s reported that %v entered, and that %v exited", n.name, entered, exited)
	}
	if n.inserted != exits {
		n.Errorf("%s accepted %d inserts, and reported %d exits", n.name, n.inserted, exits)
	}
}
