package health

import (
	"fmt"
	"iter"
	"strings"

	"github.com/seed-3b777528/grouper"
)

// A row is a line of the drawn tree: a member, or a summary of the members of a
// group that are not drawn.
type row struct {
	Guides  []string // the branches of the tree, from the left
	More    string   // 150 more: 149 ready, 1 stopping; all the rest is empty then
	Prefix  string   // servers/
	Name    string   // api
	Group   string   // parallel group, signal: terminated
	State   grouper.State
	Age     string
	Waiting bool   // it is waited for
	Runs    string // down 2s after 4 runs: connection refused
	Err     string
	Bar     *bar
}

// describe returns everything about a group except its state.
func describe(s grouper.Status) string {
	words := string(s.Kind) + " group"
	if s.Signal != nil {
		return words + ", signal: " + clip(lines(textOf(s.Signal)))
	}
	if s.Closed {
		return words + ", closed"
	}
	return words
}

// saysMore reports whether what is inside a Wrap says more than the state of
// the member (W4).
func saysMore(w grouper.WrappedStatus, member grouper.State) bool {
	if w.Runs != 1 {
		return w.Runs > 1
	}
	stopping := member == grouper.StateStopping && w.State != grouper.StateExited
	return w.State != member && !stopping
}

// down is a member that is ready itself, while what it has inside a Wrap is not
// there.
const down = "down"

// conditionOf returns the state of a member that is ready from what is inside.
func conditionOf(m grouper.MemberStatus) grouper.State {
	switch {
	case m.State != grouper.StateReady || m.Wrapped == nil || m.Wrapped.Runs == 0:
		return m.State
	case m.Wrapped.State == grouper.StateExited:
		return down
	}
	return m.Wrapped.State
}

// tally counts members by their states: 149 ready, 1 exited with an error.
func tally[K any](members iter.Seq2[K, grouper.MemberStatus]) string {
	const failed = "exited with an error"
	counts := map[grouper.State]int{}
	for _, m := range members {
		if m.Err != nil {
			counts[failed]++
		} else {
			counts[conditionOf(m)]++
		}
	}
	var words []string
	for _, state := range []grouper.State{
		grouper.StatePending, grouper.StateStarting, grouper.StateReady,
		down, grouper.StateFailed, grouper.StateStopping, grouper.StateExited, failed,
	} {
		if n := counts[state]; n > 0 {
			words = append(words, fmt.Sprintf("%s %s", count(n), state))
		}
	}
	return strings.Join(words, ", ")
}
