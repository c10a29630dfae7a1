package health

import (
	"fmt"
	"strings"
	"time"

	"github.com/seed-3b777528/grouper"
)

// A timeline is the time that the bars share: from the root's start to now, or
// to its exit.
type timeline struct{ from, to time.Time }

func timelineOf(root grouper.Status) timeline {
	if root.State == grouper.StateExited {
		return timeline{root.Times.Started, root.Times.Exited}
	}
	return timeline{root.Times.Started, root.Since.Add(root.For)}
}

// A bar is the life of a member: from its start to now, or to its exit.
type bar struct {
	Label string // the bar in words
	Parts []part
}

// A part is the time that a member was in one state.
type part struct {
	State    grouper.State
	X, Width float64 // percent of the timeline
}

// bar returns nil for a member that was not started.
func (t timeline) bar(times grouper.Times) *bar {
	if times.Started.IsZero() {
		return nil
	}
	phases := []struct {
		state grouper.State
		from  time.Time
	}{
		{grouper.StateStarting, times.Started},
		{grouper.StateReady, times.Ready},
		{grouper.StateStopping, times.Stopping},
	}
	end := times.Exited
	if end.IsZero() {
		end = t.to
	}
	var parts []part
	var words []string
	for i, phase := range phases {
		to := end
		for _, later := range phases[i+1:] {
			if !later.from.IsZero() && later.from.Before(to) {
				to = later.from
			}
		}
		tooLate := phase.state == grouper.StateReady && phase.from.After(to) // it was stopping by then
		if phase.from.IsZero() || tooLate {
			continue
		}
		parts = append(parts, t.part(phase.state, phase.from, to))
		words = append(words, fmt.Sprintf("%s %s", phase.state, age(max(0, to.Sub(phase.from)))))
	}
	return &bar{Label: strings.Join(words, ", "), Parts: parts}
}

// part makes even the shortest part wide enough to be visible: the next one is
// drawn over it.
func (t timeline) part(state grouper.State, from, to time.Time) part {
	const least = 0.5
	x := min(t.percent(from), 100-least)
	return part{State: state, X: x, Width: max(least, t.percent(to)-x)}
}

func (t timeline) percent(at time.Time) float64 {
	whole := max(t.to.Sub(t.from), 1)
	return 100 * float64(min(max(0, at.Sub(t.from)), whole)) / float64(whole)
}
