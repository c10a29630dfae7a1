package main

import (
	"testing"

	"github.com/seed-3b777528/grouper/benchmarks"
)

// reaching returns results in which all goals are reached, or all missed if the
// figures of this package are larger by a factor. Figures that are compared with
// another one of this package are larger by more.
func reaching(factor float64) Results {
	r := make(Results)
	for _, row := range rows() {
		ours := Sample{
			Start: factor, Stop: factor, Idle: factor,
			Goroutines: int(factor*float64(row.Size)) + 1, Starting: int(factor*float64(row.Size)) + 1,
		}
		switch {
		case row.Work == benchmarks.SecondSignal:
			ours.Stop = 10
		case row.Work == benchmarks.Insert, row.Work == benchmarks.Paced:
		case row.Work == benchmarks.InsertUnread, row.Work == benchmarks.Inspected, row.Work == benchmarks.Observed, row.Size >= 100_000:
			ours.Start *= factor
			ours.Stop *= factor
		}
		r[row.of("grouper")] = []Sample{ours}
		r[row.of("floor")] = []Sample{{Start: 1, Stop: 1, Idle: 1}}
		r[row.of("original")] = []Sample{{Start: 1000, Stop: 1000}}
	}
	return r
}

func TestGoals(t *testing.T) {
	for _, g := range reaching(1).goals() {
		if !g.measured || !g.met {
			t.Errorf("%s is not met by %s", g.what, g.value)
		}
	}
	for _, g := range reaching(1e9).goals() {
		if !g.measured || g.met {
			t.Errorf("%s is met by %s", g.what, g.value)
		}
	}
	for _, g := range make(Results).goals() {
		if g.measured {
			t.Errorf("%s was measured", g.what)
		}
	}
}

func TestGoalsThatHoldForLittleToo(t *testing.T) {
	of := func(ours, other float64) comparison {
		return comparison{ratio: ours / other, ours: ours, other: other, format: duration}
	}
	for _, c := range []struct {
		goal goal
		met  bool
	}{
		{of(4, 2).within(2, 1), true},
		{of(5, 2).within(2, 3), true},
		{of(6, 2).within(2, 3), false},
		{of(4, 2).or(2, 3), true},
		{of(5, 2).or(2, 5), true},
		{of(6, 2).or(2, 5), false},
		{of(2.1, 2).neverSlower(0), true},
		{of(3, 2).neverSlower(1), true},
		{of(4, 2).neverSlower(1), false},
		{both(goal{met: true}, goal{met: true}), true},
		{both(goal{met: true}, goal{met: false}), false},
		{both(goal{met: false}, goal{met: true}), false},
	} {
		if c.goal.met != c.met {
			t.Errorf("met is %v: %+v", c.goal.met, c.goal)
		}
	}
}
