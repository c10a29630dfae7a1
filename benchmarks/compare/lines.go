package main

import (
	"fmt"
	"strings"

	"github.com/seed-3b777528/grouper/benchmarks"
)

// A line is a figure of a cell in words, for each of some libraries.
type line struct {
	name string
	cell Cell
	of   metric
}

// A chapter is a part of the report that is not about one work at several
// sizes.
type chapter struct {
	title     string
	about     string
	libraries []string
	lines     []line
}

var contenders = []string{"grouper", "original", "floor"}

var before = []chapter{
	{"Beside goroutines that compute", "What a group takes in a process that computes: beside it, 2 or 8 goroutines per processor do nothing but count. " +
		"Whoever is woken in a way that puts it behind them waits for 10 ms for each of those in its processor's queue. " +
		"A goroutine that blocks until another one wakes it is run next, and waits for none of them. " +
		"Figures are of the whole group, averages of the ops of about a second, each after a pause; the group runs without a process of ifrit's around it, whose goroutines would queue too. " +
		"`-only ^beside` measures these alone.",
		contenders, besideLines()},
	{"The only run of a process", "What most groups are: the first one of their process, which starts once, and stops once, with nothing warm. " +
		"Each figure is from processes of which each has done nothing else; it is of the whole group. `-only ^first` measures these alone.",
		contenders, firstLines()},
}

var after = []chapter{
	{"What is not to hold anybody up", "What others do with a group, while somebody uses it. " +
		"*Unread*: 1,000,000 tasks are inserted and end at once; the slowest insert counts, and no listener exists, or one that nobody reads before the end. " +
		"*Inspected*: into a group of 100,000 members that run, one is inserted every few milliseconds, and one is looked up in between; of their times the 99th percentile counts, and nobody looks at the group, or another goroutine calls `Inspect` all the time. " +
		"*Status*: a parallel group whose members are all starting, and so all waited for. " +
		"*Second signal*: 50,000 members of a parallel group are signaled, and take 20 µs of a processor each to exit; when a tenth of them has, the group is signaled again. " +
		"`-only 'insert|paced|inspected|string|json|waiting|second'` measures these alone.",
		[]string{"grouper"}, heldUpLines()},
}

func besideLines() (lines []line) {
	for _, setting := range besides {
		for _, work := range benchmarks.BesideWorks {
			cell := Cell{Setting: setting, Work: work, Size: benchmarks.BesideSizes[work]}
			name := fmt.Sprintf("%d per processor: %s, N = %d, ", computing[setting], work, cell.Size)
			lines = append(lines, line{name + "start", cell, start}, line{name + "stop", cell, stop}, line{name + "both", cell, total})
		}
	}
	return lines
}

func firstLines() (lines []line) {
	for _, work := range lists {
		for _, size := range benchmarks.FirstSizes {
			cell := Cell{Setting: First, Work: work, Size: size}
			name := fmt.Sprintf("%s, N = %d, ", work, size)
			lines = append(lines, line{name + "start", cell, start}, line{name + "stop", cell, stop})
		}
	}
	return lines
}

func heldUpLines() []line {
	lines := []line{
		{"the slowest insert, without a listener", Cell{Work: benchmarks.Insert, Size: 1_000_000}, start},
		{"the slowest insert, with one that is unread", Cell{Work: benchmarks.InsertUnread, Size: 1_000_000}, start},
		{"insert into a group", Cell{Work: benchmarks.Paced, Size: 100_000}, start},
		{"insert into a group that is inspected", Cell{Work: benchmarks.Inspected, Size: 100_000}, start},
		{"`Get` from a group", Cell{Work: benchmarks.Paced, Size: 100_000}, stop},
		{"`Get` from a group that is inspected", Cell{Work: benchmarks.Inspected, Size: 100_000}, stop},
	}
	for _, read := range statusReads {
		for _, size := range benchmarks.Sizes[read.work] {
			name := fmt.Sprintf("%s, N = %s", read.name, grouped(size))
			lines = append(lines, line{name, Cell{Work: read.work, Size: size}, total})
		}
	}
	second := Cell{Work: benchmarks.SecondSignal, Size: 50_000}
	return append(lines, line{"until a second signal is taken", second, start}, line{"until all have exited", second, stop})
}

func (r Results) chapter(c chapter) string {
	var out strings.Builder
	fmt.Fprintf(&out, "## %s\n\n%s\n\n| | %s |\n|%s\n", c.title, c.about,
		strings.Join(c.libraries, " | "), strings.Repeat(" --- |", len(c.libraries)+1))
	for _, l := range c.lines {
		fmt.Fprintf(&out, "| %s |", l.name)
		for _, library := range c.libraries {
			fmt.Fprintf(&out, " %s |", r.figure(l.cell.of(library), table{of: l.of, format: duration, ratios: true}))
		}
		out.WriteString("\n")
	}
	out.WriteString("\n")
	return out.String()
}
