package main

import (
	"fmt"
	"strings"

	"github.com/seed-3b777528/grouper/benchmarks"
)

// A goal is a figure that this package should reach.
type goal struct {
	what     string
	limit    string
	value    string
	measured bool
	met      bool
}

const (
	millisecond = 1e6 // nanoseconds
	slice       = 10 * millisecond
	noise       = 1.1 // the ratio of equals, measured like this
)

// A figure is what is read off a cell's samples.
type figure struct {
	cell Cell
	of   metric
}

// A comparison compares two figures. The first one is this package's.
type comparison struct {
	what     string
	measured bool
	ratio    float64 // the median of the rounds
	ours     float64
	other    float64
	format   func(float64) string
}

func (r Results) compare(what string, ours, other figure) comparison {
	c := comparison{what: what, format: duration}
	c.ratio, c.measured = r.ratio(ours, other)
	c.ours, _ = r.median(ours.cell, ours.of)
	c.other, _ = r.median(other.cell, other.of)
	return c
}

func (r Results) toFloor(cell Cell, of metric) comparison {
	return r.compare(named(cell)+": time against the floor", figure{cell.of("grouper"), of}, figure{cell.of("floor"), of})
}

func (r Results) toOriginal(cell Cell, of metric) comparison {
	return r.compare(named(cell)+": faster than the original", figure{cell.of("grouper"), of}, figure{cell.of("original"), of})
}

func (c comparison) atMost(limit float64) goal {
	return c.goal(fmt.Sprintf("at most %gx", limit), c.ratio, c.ratio <= limit)
}

// within also holds for figures that differ by no more than the distance.
func (c comparison) within(limit, distance float64) goal {
	return c.goal(fmt.Sprintf("at most %gx, or within %s", limit, short.Replace(duration(distance))), c.ratio,
		c.ratio <= limit || c.ours-c.other <= distance)
}

// or also holds for figures up to enough.
func (c comparison) or(limit, enough float64) goal {
	return c.goal(fmt.Sprintf("at most %gx, or %s", limit, short.Replace(duration(enough))), c.ratio,
		c.ratio <= limit || c.ours <= enough)
}

func (c comparison) faster(limit float64) goal {
	return c.goal(fmt.Sprintf("at least %gx", limit), 1/c.ratio, 1/c.ratio >= limit)
}

// neverSlower also holds for figures that differ by noise, or by no more than
// the distance.
func (c comparison) neverSlower(distance float64) goal {
	limit := fmt.Sprintf("never slower (%gx is noise)", noise)
	if distance > 0 {
		limit = fmt.Sprintf("never slower (%gx, or %s, is noise)", noise, short.Replace(duration(distance)))
	}
	return c.goal(limit, 1/c.ratio, c.ratio <= noise || c.ours-c.other <= distance)
}

func (c comparison) goal(limit string, value float64, met bool) goal {
	return goal{c.what, limit, fmt.Sprintf("%s (%s, %s)", times(value), c.format(c.ours), c.format(c.other)), c.measured, met}
}

// both is one goal of two figures of the same kind.
func both(start, stop goal) goal {
	start.value = "start " + start.value + ", stop " + stop.value
	start.measured = start.measured && stop.measured
	start.met = start.met && stop.met
	return start
}

func ourCell(work benchmarks.Work, size int) Cell { return Cell{Idle, work, size, "grouper"} }

// named is a cell in words, without its library.
func named(cell Cell) string {
	name := fmt.Sprintf("%s, N = %s", cell.Work, grouped(cell.Size))
	switch cell.Work {
	case benchmarks.Tasks:
		name = "from insert to exit, capacity " + grouped(cell.Size)
	case benchmarks.Get:
		name = "Get"
	}
	switch {
	case cell.Setting == First:
		return "only run of a process, " + name
	case computing[cell.Setting] > 0:
		return fmt.Sprintf("beside %d computing goroutines per processor, %s", computing[cell.Setting], name)
	}
	return name
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
