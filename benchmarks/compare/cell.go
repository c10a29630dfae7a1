package main

import (
	"fmt"

	"github.com/seed-3b777528/grouper/benchmarks"
)

// A Cell is one measurement: of a library, at a kind of work, at a size, in a
// setting.
type Cell struct {
	Setting Setting
	Work    benchmarks.Work
	Size    int
	Library string
}

// String is the name of the cell, like parallel/10/grouper, or
// beside8/parallel/10/grouper in a setting that is not idle.
func (c Cell) String() string {
	return fmt.Sprintf("%s/%s", c.row(), c.Library)
}

// row returns what the cells of all libraries have in common.
func (c Cell) row() string {
	row := fmt.Sprintf("%s/%d", c.Work, c.Size)
	if c.Setting != Idle {
		row = string(c.Setting) + "/" + row
	}
	return row
}

// earlier is the name of this package as the command of -before has it.
const earlier = "before"

func (c Cell) of(library string) Cell {
	c.Library = library
	return c
}

func (c Cell) job() (benchmarks.Job, bool) {
	for _, library := range benchmarks.Libraries {
		switch {
		case library.Name != c.Library || c.Setting != Idle && library.Beside == nil:
		case computing[c.Setting] > 0:
			job, found := library.Beside[c.Work]
			return job, found
		default:
			return library.Job(c.Work, c.Size)
		}
	}
	return benchmarks.Job{}, false
}

// cells returns what is measured in a round. The libraries at one size come one
// after the other, so that they find the machine in the same state.
func (p plan) cells() (cells []Cell) {
	for _, row := range rows() {
		for _, library := range benchmarks.Libraries {
			cell := row.of(library.Name)
			if job, found := cell.job(); found && p.has(cell, job) {
				cells = append(cells, cell)
				if p.before != "" && cell == row.of("grouper") {
					cells = append(cells, row.of(earlier))
				}
			}
		}
	}
	return cells
}

// rows returns all cells, without a library.
func rows() (rows []Cell) {
	for _, work := range benchmarks.Works {
		for _, size := range benchmarks.Sizes[work] {
			rows = append(rows, Cell{Work: work, Size: size})
		}
	}
	for _, work := range []benchmarks.Work{benchmarks.Parallel, benchmarks.Ordered, benchmarks.Dynamic} {
		for _, size := range benchmarks.FirstSizes {
			rows = append(rows, Cell{Setting: First, Work: work, Size: size})
		}
	}
	for _, setting := range besides {
		for _, work := range benchmarks.BesideWorks {
			rows = append(rows, Cell{Setting: setting, Work: work, Size: benchmarks.BesideSizes[work]})
		}
	}
	return rows
}

func (p plan) has(cell Cell, job benchmarks.Job) bool {
	if p.only != nil && !p.only.MatchString(cell.String()) {
		return false
	}
	return !p.quick || job.Brief || cell.Size <= 1000 && !job.Long(cell.Size) && cell.Work != benchmarks.Wide
}
