package main

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/seed-3b777528/grouper/benchmarks"
)

func TestMedian(t *testing.T) {
	for want, values := range map[float64][]float64{1: {1}, 2: {3, 1, 2}, 2.5: {4, 1, 3, 2}} {
		if got, found := median(values); got != want || !found {
			t.Errorf("the median of %v is given as %v, %v", values, got, found)
		}
	}
	if _, found := median(nil); found {
		t.Error("there is a median of nothing")
	}
}

func samples(starts ...float64) (list []Sample) {
	for _, start := range starts {
		list = append(list, Sample{Start: start})
	}
	return list
}

func TestRatioIsOfTheSameRounds(t *testing.T) {
	cell := ourCell(benchmarks.Get, 1000)
	a, b := figure{cell, total}, figure{cell.of("floor"), total}
	r := Results{a.cell: samples(10, 200, 30), b.cell: samples(5, 100, 15, 1, 1)}
	if got, found := r.ratio(a, b); got != 2 || !found {
		t.Errorf("the ratio is given as %v, %v", got, found)
	}
	if _, found := r.ratio(a, figure{cell.of("original"), total}); found {
		t.Error("there is a ratio to nothing")
	}
}

func TestReportShowsAllLibrariesAndPlots(t *testing.T) {
	folder := t.TempDir()
	if err := drawAll(reaching(1), folder); err != nil {
		t.Fatal(err)
	}
	page := report(reaching(1), full, "a machine")
	for _, library := range benchmarks.Libraries {
		if !strings.Contains(page, "\n| "+library.Name+" | "+library.Module) {
			t.Errorf("%s is not in the table of libraries", library.Name)
		}
	}
	for _, s := range sections {
		if plotted(s.work) {
			for _, what := range []string{"time", "memory"} {
				name := plotFile(s.work, what)
				if content, err := os.ReadFile(filepath.Join(folder, name)); err != nil || !strings.Contains(string(content), "grouper") {
					t.Errorf("%s has no line for this package: %v", name, err)
				}
				if !strings.Contains(page, "("+name+")") {
					t.Errorf("%s is not shown", name)
				}
			}
		}
	}
}

func TestReportShowsEveryRow(t *testing.T) {
	all := reaching(1)
	page := report(all, full, "a machine")
	for _, row := range rows() {
		without := maps.Clone(all)
		delete(without, row.of("grouper"))
		if report(without, full, "a machine") == page {
			t.Errorf("%s is not shown", row.row())
		}
	}
}

// Each kind of work is measured once by each library.
func TestMeasure(t *testing.T) {
	for _, cell := range quick.cells() {
		if cell.Setting != Idle || cell.Size != benchmarks.Sizes[cell.Work][0] {
			continue
		}
		cell.Size = min(cell.Size, 100)
		t.Run(cell.String(), func(t *testing.T) {
			sample, err := cell.measure(1)
			if err != nil {
				t.Fatal(err)
			}
			if sample.Start <= 0 || sample.Allocs < 0 || runs(cell.Work) && sample.Stop <= 0 {
				t.Errorf("there are figures missing: %+v", sample)
			}
		})
	}
	for _, setting := range []Setting{First, BesideTwo} {
		cell := Cell{setting, benchmarks.Ordered, 10, "floor"}
		if sample, err := cell.measure(1); err != nil || sample.Start <= 0 || sample.Stop <= 0 {
			t.Errorf("%v was not measured: %+v, %v", cell, sample, err)
		}
	}
	if _, err := (Cell{Idle, benchmarks.Parallel, 1, "nobody"}).measure(1); err == nil {
		t.Error("a library that does not exist was measured")
	}
}

func TestOnlySomeCells(t *testing.T) {
	p := plan{only: regexp.MustCompile(`^(ordered|beside8/parallel)/10/(grouper|floor)$`)}
	var names []string
	for _, cell := range p.cells() {
		names = append(names, cell.String())
	}
	want := []string{"ordered/10/grouper", "ordered/10/floor", "beside8/parallel/10/grouper", "beside8/parallel/10/floor"}
	if !slices.Equal(names, want) {
		t.Errorf("the cells are %q", names)
	}
	p.before = "/earlier/compare"
	if cell := p.cells()[1]; cell.String() != "ordered/10/before" {
		t.Errorf("the cell of the earlier command is %v", cell)
	}
	if _, err := (plan{only: regexp.MustCompile("^nothing")}).run(); err == nil {
		t.Error("nothing was measured, and that is no error")
	}
	var page strings.Builder
	if err := reaching(1).print(&page, p.cells()[:2]); err != nil || !strings.Contains(page.String(), "1.00x") {
		t.Errorf("printed is %q, %v", page.String(), err)
	}
}

func TestUnits(t *testing.T) {
	for want, got := range map[string]string{
		"1.23 ns":   duration(1.234),
		"12.3 µs":   duration(12_340),
		"1234 s":    duration(1234e9),
		"123 B":     size(123.4),
		"3.14 kB":   size(3140),
		"1.50x":     times(1.5),
		"7":         grouped(7),
		"1,000,000": grouped(1_000_000),
		"1,002":     whole(1001.6),
	} {
		if got != want {
			t.Errorf("%q instead of %q", got, want)
		}
	}
}
