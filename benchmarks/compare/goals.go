package main

import (
	"fmt"
	"strings"

	"github.com/seed-3b777528/grouper/benchmarks"
)

// A goal is a figure that the package is to reach.
type goal struct {
	what     string
	limit    string
	value    string
	measured bool
	met      bool
}

func (r Results) goals() (goals []goal) {
	add := func(more ...goal) { goals = append(goals, more...) }
	for _, work := range []benchmarks.Work{benchmarks.Parallel, benchmarks.Ordered} {
		add(r.againstFloor(work, 1, 1.3), r.againstOriginal(work, 1, 1.5), r.againstOriginal(work, 10, 4))
		if work == benchmarks.Parallel {
			add(r.againstOriginal(work, 100, 25), r.againstOriginal(work, 1000, 250))
		} else {
			add(r.againstOriginal(work, 100, 50), r.againstOriginal(work, 1000, 1000))
		}
		for _, size := range []int{10, 100, 1000, 10_000, 100_000} {
			add(r.againstFloor(work, size, 1.5))
		}
	}
	for _, capacity := range []int{1, 8, 1000} {
		add(r.againstFloor(benchmarks.Tasks, capacity, 1.3))
		if capacity > 1 { // the original exits with its first member
			add(r.againstOriginal(benchmarks.Tasks, capacity, 1.8))
		}
	}
	add(r.againstFloor(benchmarks.Get, 1000, 3), r.againstOriginal(benchmarks.Get, 1000, 20))
	for _, work := range []benchmarks.Work{benchmarks.Parallel, benchmarks.Ordered, benchmarks.Dynamic} {
		add(r.goroutines("idle", work, goroutines))
		if work != benchmarks.Dynamic {
			add(r.goroutines("starting", work, starting))
		}
	}
	for _, work := range []benchmarks.Work{benchmarks.Parallel, benchmarks.Ordered, benchmarks.Dynamic} {
		add(r.memory(work), r.growth(work))
	}
	return goals
}

func ourCell(work benchmarks.Work, size int) Cell      { return Cell{Idle, work, size, "grouper"} }
func originalCell(work benchmarks.Work, size int) Cell { return Cell{Idle, work, size, "original"} }
func floorCell(work benchmarks.Work, size int) Cell    { return Cell{Idle, work, size, "floor"} }

func (r Results) againstFloor(work benchmarks.Work, size int, limit float64) goal {
	value, found := r.ratio(ourCell(work, size), floorCell(work, size), total)
	return atMost(fmt.Sprintf("%s: time against the floor", named(work, size)), value, limit, found)
}

func (r Results) againstOriginal(work benchmarks.Work, size int, limit float64) goal {
	value, found := r.ratio(originalCell(work, size), ourCell(work, size), total)
	return goal{
		what:     fmt.Sprintf("%s: faster than the original", named(work, size)),
		limit:    fmt.Sprintf("at least %gx", limit),
		value:    times(value),
		measured: found,
		met:      value >= limit,
	}
}

func (r Results) goroutines(when string, work benchmarks.Work, of metric) goal {
	const size = 1000
	value, found := r.median(ourCell(work, size), of)
	return goal{
		what:     fmt.Sprintf("%s: goroutines while %s", named(work, size), when),
		limit:    grouped(size + 1),
		value:    grouped(int(value)),
		measured: found,
		met:      value <= size+1,
	}
}

func (r Results) memory(work benchmarks.Work) goal {
	const size = 100_000
	value, found := r.ratio(ourCell(work, size), floorCell(work, size), idle)
	return atMost(fmt.Sprintf("%s: memory a member while idle against the floor", named(work, size)), value, 1.25, found)
}

func (r Results) growth(work benchmarks.Work) goal {
	value, found := r.ratio(ourCell(work, 1_000_000), ourCell(work, 1000), total)
	return atMost(fmt.Sprintf("%s: time a member at N = 1,000,000 against N = 1,000", work), value, 3, found)
}

func named(work benchmarks.Work, size int) string {
	switch work {
	case benchmarks.Tasks:
		return "from insert to exit, capacity " + grouped(size)
	case benchmarks.Get:
		return "Get"
	}
	return fmt.Sprintf("%s, N = %s", work, grouped(size))
}

func atMost(what string, value, limit float64, measured bool) goal {
	return goal{what, fmt.Sprintf("at most %gx", limit), times(value), measured, value <= limit}
}

func goalTable(goals []goal) string {
	var table strings.Builder
	table.WriteString("| goal | wanted | measured | |\n| --- | --- | --- | --- |\n")
	for _, g := range goals {
		value, verdict := g.value, "met"
		switch {
		case !g.measured:
			value, verdict = "", "not measured"
		case !g.met:
			verdict = "**not met**"
		}
		fmt.Fprintf(&table, "| %s | %s | %s | %s |\n", g.what, g.limit, value, verdict)
	}
	return table.String()
}
