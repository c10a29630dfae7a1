package main

import (
	"fmt"
	"strings"

	"github.com/seed-3b777528/grouper/benchmarks"
)

// A line is a figure of a cell in words, for some of the libraries.
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

var firstChapters = []chapter{
	{"Beside goroutines that compute", "What a group costs in a process that computes: 2 or 8 goroutines per processor do nothing but count. " +
		"A goroutine that blocks, and is woken by another one, runs next. One that yields, or that is started or woken together with others, queues behind the computing ones, and waits 10 ms for each of them. " +
		"Figures are of the whole group: averages of starts and stops in about a second, each after a pause. " +
		"The groups run in a bare goroutine instead of an `ifrit.Process`, whose own goroutines would queue as well. " +
		"*computing* is 30 members that compute until they are signaled, inserted one after the other. " +
		"`go run -C benchmarks ./compare -only ^beside` measures these alone.",
		contenders, besideLines()},
	{"The only run of a process", "What most groups do: they start once and stop once, in a process where nothing is warm. " +
		"Each sample is from a process that did nothing else. Figures are of the whole group. " +
		"`go run -C benchmarks ./compare -only ^first` measures these alone.",
		contenders, firstLines()},
}

var lastChapters = []chapter{
	{"Who must not be held up", "*Unread listener*: 1,000,000 tasks are inserted, and end at once. The slowest insert counts, with no listener, or with one of exits that nobody reads before the end. " +
		"Everything is done three times, and a slow insert counts only if it is slow each time: the machine does not stall at the same place again. " +
		"*Inspection*: tasks are inserted into a group of 100,000 members, and members are looked up, with a pause of 1 ms before each. The 99th percentile of their times counts, alone, or while another goroutine calls `Inspect` all the time. " +
		"*Status*: of a parallel group whose members are all starting, and so all waited for. " +
		"*Second signal*: 50,000 members of a parallel group are signaled, and compute for 20 µs before they exit. When a tenth of them is about to, the group is signaled again; that signal is taken when the send on the group's unbuffered signals channel completes. " +
		"`go run -C benchmarks ./compare -only '^(insert|paced|inspected|string|json|waiting-for|second-signal)'` measures these alone.",
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
	for _, size := range benchmarks.Sizes[benchmarks.Observed] {
		lines = append(lines,
			line{fmt.Sprintf("parallel, N = %s, per member", grouped(size)), Cell{Work: benchmarks.Parallel, Size: size}, total},
			line{fmt.Sprintf("parallel, N = %s, observed, per member", grouped(size)), Cell{Work: benchmarks.Observed, Size: size}, total})
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
