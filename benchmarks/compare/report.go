package main

import (
	"fmt"
	"strings"

	"github.com/seed-3b777528/grouper/benchmarks"
)

// A table shows one metric of one kind of work: the libraries down, the sizes
// across.
type table struct {
	title  string
	of     metric
	format func(float64) string
	ratios bool // whether the ratio against the floor is shown too
}

var (
	lifeTables = []table{
		{"Time per member, from start to end", total, duration, true},
		{"Time per member, from signal to last exit", stop, duration, true},
		{"Processor time per member, from start to end", cpu, duration, true},
		{"Allocations per member", allocs, count, false},
		{"Allocated per member", allocated, size, false},
		{"Memory per member, while idle", idle, size, true},
		{"Goroutines, while idle", goroutines, whole, false},
	}
	startTables = append(lifeTables[:len(lifeTables):len(lifeTables)],
		table{"Goroutines, while the last member is starting", starting, whole, false})
	unitTables = []table{
		{"Time", total, duration, true},
		{"Processor time", cpu, duration, true},
		{"Allocations", allocs, count, false},
		{"Allocated", allocated, size, false},
	}
)

// A section is a kind of work in the report.
type section struct {
	work   benchmarks.Work
	title  string
	about  string
	across string // what the sizes are
	tables []table
}

var sections = []section{
	{benchmarks.Parallel, "Parallel groups", "Members start together, run until they are stopped, and stop together.", "members", startTables},
	{benchmarks.Ordered, "Ordered groups", "Each member starts when the previous one is ready; they stop in reverse, one after the other.", "members", startTables},
	{benchmarks.Dynamic, "Dynamic groups", "Members are inserted one after the other into a running group, which is then stopped. All entrances and exits are read; the event buffer is as large as the group, up to 100.", "members", startTables},
	{benchmarks.Deep, "A chain of groups", "Each group is the only member of the one above; figures are for each group.", "groups", lifeTables},
	{benchmarks.Wide, "A group of groups of 100", "Figures are for each member of the inner groups.", "groups", lifeTables},
	{benchmarks.Tasks, "From insert to exit", "Tasks that end as soon as they are ready go through a dynamic group, with a listener for entrances and one for exits, and an event buffer of 100. Figures are for each task.", "capacity", unitTables},
	{benchmarks.Unbuffered, "From insert to exit, without an event buffer", "The same with an event buffer of 0.", "capacity", unitTables},
	{benchmarks.Listeners, "Many listeners", "The same with an event buffer of 100, a capacity of 8, no listener for entrances, and several for exits.", "exit listeners", unitTables},
	{benchmarks.Unread, "A listener that nobody reads", "The same with a capacity of 8, a listener of each kind that is read, and one of exits that is not.", "unread listeners", unitTables},
	{benchmarks.Get, "Finding a member", "`Get` of a running member; on the floor, a map behind a read lock.", "members", unitTables},
}

func report(r Results, p plan, machine string) string {
	var page strings.Builder
	fmt.Fprintf(&page, "# Benchmarks\n\n%s. Written by `%s`.\n\n%s\n\n", machine, p.command, method)
	if p.quick {
		page.WriteString("**This was a quick run: its figures are only rough.**\n\n")
	}
	fmt.Fprintf(&page, "## Goals\n\n%s\n", goalTable(r.goals()))
	fmt.Fprintf(&page, "## Libraries\n\n%s\n", libraryTable())
	fmt.Fprintf(&page, "## A group of three\n\nThe size that most services have.\n\n%s\n", r.groupOfThree())
	for _, c := range firstChapters {
		page.WriteString(r.chapter(c))
	}
	for _, s := range sections {
		page.WriteString(r.section(s))
	}
	for _, c := range lastChapters {
		page.WriteString(r.chapter(c))
	}
	return page.String()
}

const method = `The *floor* is what the ` + "`Runner`" + ` contract itself demands: one goroutine, one signals channel and one ready channel per member, by hand, without names, errors, events or status. The *original* is ` + "`github.com/tedsuo/ifrit/grouper`" + `. Each other library does the part of the work that it can; the table of libraries says what it cannot.

Everything is measured in one run, in rounds. Each round measures every library at every size once, each in a process of its own. Each work is repeated within its process, unless it says otherwise. Figures are medians of the rounds. A ratio, in brackets against the floor, is the median of the ratios within the rounds. The list of members is made beforehand; everything from the construction of the group on is part of the time. Where a library does not wait until all are ready, they may be stopped while they are still starting. Processor time is that of all cores, garbage collection included: it hardly depends on what else the machine does. Memory while idle is heap and stacks in use after garbage collection, the list of members included; of small groups, many are observed at once. Where a figure is missing, the library cannot do that, or takes too long for it.`

func libraryTable() string {
	var out strings.Builder
	out.WriteString("| library | module | waits until all are ready | cannot, or has not |\n| --- | --- | --- | --- |\n")
	for _, library := range benchmarks.Libraries {
		readies := "no"
		if library.Readies {
			readies = "yes"
		}
		module := strings.TrimSpace(library.Module + " " + version(library.Module))
		fmt.Fprintf(&out, "| %s | %s | %s | %s |\n", library.Name, module, readies, library.Lacks)
	}
	return out.String()
}

func (r Results) groupOfThree() string {
	var out strings.Builder
	out.WriteString("| group | library | start to end | signal to last exit | allocations | allocated | goroutines |\n| --- | --- | --- | --- | --- | --- | --- |\n")
	for _, work := range []benchmarks.Work{benchmarks.Parallel, benchmarks.Ordered, benchmarks.Dynamic} {
		for _, library := range benchmarks.Libraries {
			cell := Cell{Idle, work, 3, library.Name}
			if _, found := r[cell]; !found {
				continue
			}
			inAll := func(of metric) float64 { v, _ := r.median(cell, of); return 3 * v }
			alive, _ := r.median(cell, goroutines)
			fmt.Fprintf(&out, "| %s | %s | %s | %s | %s | %s | %s |\n", work, library.Name,
				duration(inAll(total)), duration(inAll(stop)), whole(inAll(allocs)), size(inAll(allocated)), whole(alive))
		}
	}
	return out.String()
}

func (r Results) section(s section) string {
	var out strings.Builder
	fmt.Fprintf(&out, "## %s\n\n%s\n\n", s.title, s.about)
	if plotted(s.work) {
		fmt.Fprintf(&out, "![time per member](%s) ![memory per member](%s)\n\n", plotFile(s.work, "time"), plotFile(s.work, "memory"))
	}
	for _, t := range s.tables {
		fmt.Fprintf(&out, "%s:\n\n%s\n", t.title, r.table(s, t))
	}
	return out.String()
}

func (r Results) table(s section, t table) string {
	var out strings.Builder
	sizes := r.sizes(s.work)
	fmt.Fprintf(&out, "| %s |", s.across)
	for _, size := range sizes {
		fmt.Fprintf(&out, " %s |", grouped(size))
	}
	out.WriteString("\n|" + strings.Repeat(" --- |", len(sizes)+1) + "\n")
	for _, library := range benchmarks.Libraries {
		if _, does := library.Jobs[s.work]; !does {
			continue
		}
		fmt.Fprintf(&out, "| %s |", library.Name)
		for _, size := range sizes {
			fmt.Fprintf(&out, " %s |", r.figure(Cell{Idle, s.work, size, library.Name}, t))
		}
		out.WriteString("\n")
	}
	return out.String()
}

// sizes returns the sizes at which something was measured.
func (r Results) sizes(work benchmarks.Work) (sizes []int) {
	for _, size := range benchmarks.Sizes[work] {
		if _, measured := r[ourCell(work, size)]; measured {
			sizes = append(sizes, size)
		}
	}
	return sizes
}

// figure returns a cell's figure, and its ratio against the floor. What is not
// measured at its size is 0.
func (r Results) figure(cell Cell, t table) string {
	value, found := r.median(cell, t.of)
	if !found || value == 0 {
		return ""
	}
	text := t.format(value)
	if !t.ratios || cell.Library == "floor" {
		return text
	}
	if ratio, found := r.ratio(figure{cell, t.of}, figure{cell.of("floor"), t.of}); found {
		text += " (" + times(ratio) + ")"
	}
	return text
}
