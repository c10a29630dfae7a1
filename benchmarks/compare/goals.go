package main

import (
	"fmt"

	"github.com/seed-3b777528/grouper/benchmarks"
)

var (
	static = []benchmarks.Work{benchmarks.Parallel, benchmarks.Ordered}
	lists  = []benchmarks.Work{benchmarks.Parallel, benchmarks.Ordered, benchmarks.Dynamic}
)

var statusReads = []struct {
	work benchmarks.Work
	name string
}{
	{benchmarks.Draw, "`Status.String`"},
	{benchmarks.Marshal, "JSON of a `Status`"},
	{benchmarks.WaitingFor, "`Status.WaitingFor`"},
}

// goals are what this package should reach.
func (r Results) goals() (goals []goal) {
	goals = append(goals, r.besideGoals()...)
	goals = append(goals, r.staticGoals()...)
	goals = append(goals, r.firstGoals()...)
	goals = append(goals, r.dynamicGoals()...)
	goals = append(goals, r.footprintGoals()...)
	return append(goals, r.latencyGoals()...)
}

func (r Results) besideGoals() (goals []goal) {
	for _, setting := range besides {
		for _, work := range benchmarks.BesideWorks {
			cell := Cell{Setting: setting, Work: work, Size: benchmarks.BesideSizes[work]}
			goals = append(goals,
				r.toFloor(cell, total).within(1.5, slice),
				r.toOriginal(cell, total).neverSlower(slice))
		}
	}
	return goals
}

func (r Results) staticGoals() (goals []goal) {
	floors := []struct {
		size  int
		limit float64
	}{{1, 1.4}, {3, 1.4}, {10, 1.5}, {100, 1.5}, {1000, 1.5}, {10_000, 1.5}, {100_000, 1.5}}
	originals := []struct {
		size              int
		parallel, ordered float64
	}{{1, 1.5, 1.5}, {3, 1.5, 1.5}, {10, 4, 4}, {100, 25, 50}, {1000, 250, 1000}}
	for _, work := range static {
		for _, f := range floors {
			goals = append(goals, r.toFloor(Cell{Work: work, Size: f.size}, total).atMost(f.limit))
		}
		for _, o := range originals {
			limit := o.parallel
			if work == benchmarks.Ordered {
				limit = o.ordered
			}
			goals = append(goals, r.toOriginal(Cell{Work: work, Size: o.size}, total).faster(limit))
		}
	}
	return goals
}

func (r Results) firstGoals() (goals []goal) {
	for _, work := range lists {
		for _, size := range benchmarks.FirstSizes {
			cell := Cell{Setting: First, Work: work, Size: size}
			goals = append(goals,
				both(r.toFloor(cell, start).atMost(1.5), r.toFloor(cell, stop).atMost(1.5)),
				both(r.toOriginal(cell, start).neverSlower(0), r.toOriginal(cell, stop).neverSlower(0)))
		}
	}
	return goals
}

func (r Results) dynamicGoals() (goals []goal) {
	for _, capacity := range []int{1, 8, 1000} {
		cell := Cell{Work: benchmarks.Tasks, Size: capacity}
		goals = append(goals, r.toFloor(cell, total).atMost(1.2))
		if capacity > 1 { // the original exits with its first member
			goals = append(goals, r.toOriginal(cell, total).faster(1.7))
		}
	}
	get := Cell{Work: benchmarks.Get, Size: 1000}
	return append(goals,
		r.compare("dynamic: time per member at N = 1,000,000 against N = 1,000",
			figure{ourCell(benchmarks.Dynamic, 1_000_000), total}, figure{ourCell(benchmarks.Dynamic, 1000), total}).atMost(3),
		r.toFloor(get, total).atMost(2),
		r.toOriginal(get, total).faster(20))
}

func (r Results) footprintGoals() (goals []goal) {
	for _, work := range lists {
		if work == benchmarks.Dynamic {
			goals = append(goals, r.goroutines("when all are ready", work, goroutines))
			continue
		}
		goals = append(goals, r.goroutines("while idle", work, goroutines), r.goroutines("while starting", work, starting))
	}
	for _, work := range lists {
		cell := Cell{Work: work, Size: 100_000}
		memory := r.toFloor(cell, idle)
		memory.what = fmt.Sprintf("%s: memory per member while idle against the floor", named(cell))
		memory.format = size
		goals = append(goals, memory.atMost(1.15))
	}
	return goals
}

func (r Results) goroutines(when string, work benchmarks.Work, of metric) goal {
	const size = 1000
	cell := ourCell(work, size)
	value, found := r.median(cell, of)
	return goal{
		what:     fmt.Sprintf("%s: goroutines %s", named(cell), when),
		limit:    grouped(size + 1),
		value:    grouped(int(value)),
		measured: found,
		met:      value <= size+1,
	}
}

func (r Results) latencyGoals() []goal {
	insert, unread := ourCell(benchmarks.Insert, 1_000_000), ourCell(benchmarks.InsertUnread, 1_000_000)
	alone, inspected := ourCell(benchmarks.Paced, 100_000), ourCell(benchmarks.Inspected, 100_000)
	second := ourCell(benchmarks.SecondSignal, 50_000)
	goals := []goal{
		r.compare("the slowest of 1,000,000 inserts, with a listener that reads none of their events, against without",
			figure{unread, start}, figure{insert, start}).or(2, 5*millisecond),
		r.compare("an insert while a group of 100,000 is inspected all the time, against alone (99th percentile)",
			figure{inspected, start}, figure{alone, start}).or(2, 2*millisecond),
		r.compare("`Get` while a group of 100,000 is inspected all the time, against alone (99th percentile)",
			figure{inspected, stop}, figure{alone, stop}).or(2, 2*millisecond),
	}
	for _, read := range statusReads {
		goals = append(goals, r.compare(read.name+": time at N = 100,000 against N = 10,000",
			figure{ourCell(read.work, 100_000), total}, figure{ourCell(read.work, 10_000), total}).atMost(15))
	}
	for _, size := range benchmarks.Sizes[benchmarks.Observed] {
		goals = append(goals, r.compare(fmt.Sprintf("parallel, N = %s: observed by an empty observer, against unobserved", grouped(size)),
			figure{ourCell(benchmarks.Observed, size), total}, figure{ourCell(benchmarks.Parallel, size), total}).atMost(1.6))
	}
	return append(goals, r.compare("a second signal while 50,000 members exit: time until it is taken, against that of all exits",
		figure{second, start}, figure{second, stop}).atMost(0.1))
}
