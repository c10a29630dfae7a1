package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
)

var printed = []table{
	{of: start, format: duration},
	{of: stop, format: duration},
	{of: total, format: duration},
	{of: cpu, format: duration},
	{of: allocs, format: count},
}

// print writes one line per cell, for tuning, when a few figures are needed
// soon.
func (r Results) print(to io.Writer, cells []Cell) error {
	out := tabwriter.NewWriter(to, 0, 0, 2, ' ', 0)
	others := []string{"floor", "original"}
	if slices.ContainsFunc(cells, func(c Cell) bool { return c.Library == earlier }) {
		others = append(others, earlier)
	}
	fmt.Fprintln(out, "\tstart\tstop\tboth\tprocessor\tallocations\tagainst "+strings.Join(others, "\tagainst "))
	for _, cell := range cells {
		fmt.Fprintf(out, "%v", cell)
		for _, column := range printed {
			fmt.Fprintf(out, "\t%s", r.figure(cell, column))
		}
		for _, other := range others {
			ratio := ""
			if value, found := r.ratio(figure{cell, total}, figure{cell.of(other), total}); found && cell.Library != other {
				ratio = times(value)
			}
			fmt.Fprintf(out, "\t%s", ratio)
		}
		fmt.Fprintln(out)
	}
	return out.Flush()
}
