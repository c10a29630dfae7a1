package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"time"
)

// Results are the samples of all cells, by their rounds.
type Results map[Cell][]Sample

// run measures all cells, round by round. It leaves a cell out once its budget
// is spent, so that two cells share all rounds until one of them ends.
func (p plan) run() (Results, error) {
	cells, results := p.cells(), make(Results)
	if len(cells) == 0 {
		return nil, fmt.Errorf("no cell has a name like %v", p.only)
	}
	spent := make(map[Cell]time.Duration)
	var progress ticker
	for round := range p.rounds {
		for _, cell := range cells {
			if spent[cell] > p.budget {
				continue
			}
			progress.show(fmt.Sprintf("round %d of %d: %s", round+1, p.rounds, cell.row()))
			begin := time.Now()
			sample, err := p.sample(cell)
			if err != nil {
				return nil, fmt.Errorf("%v: %w", cell, err)
			}
			spent[cell] += time.Since(begin)
			results[cell] = append(results[cell], sample)
		}
	}
	return results, nil
}

// A ticker shows the progress, without repeating itself.
type ticker struct{ last string }

func (t *ticker) show(what string) {
	if what != t.last {
		t.last = what
		fmt.Fprintln(os.Stderr, what)
	}
}

// sample measures a cell in one process, or in many if only their first run
// counts, and takes medians.
func (p plan) sample(cell Cell) (Sample, error) {
	if cell.Setting != First {
		return p.inChild(cell)
	}
	one := make(Results)
	for range p.firsts {
		sample, err := p.inChild(cell)
		if err != nil {
			return Sample{}, err
		}
		one[cell] = append(one[cell], sample)
	}
	begin, _ := one.median(cell, start)
	end, _ := one.median(cell, stop)
	return Sample{Start: begin, Stop: end}, nil
}

// inChild measures a cell in a process of its own.
func (p plan) inChild(cell Cell) (sample Sample, err error) {
	command, err := os.Executable()
	if cell.Library == earlier {
		command, cell = p.before, cell.of("grouper")
	}
	if err != nil {
		return sample, err
	}
	name, err := json.Marshal(cell)
	if err != nil {
		return sample, err
	}
	child := exec.Command(command, fmt.Sprintf("-quick=%t", p.quick), "-cell", string(name))
	child.Stderr = os.Stderr
	output, err := child.Output()
	if err != nil {
		return sample, err
	}
	return sample, json.Unmarshal(output, &sample)
}

// A metric is what is read off a sample.
type metric func(Sample) float64

func total(s Sample) float64      { return s.Start + s.Stop }
func start(s Sample) float64      { return s.Start }
func stop(s Sample) float64       { return s.Stop }
func cpu(s Sample) float64        { return s.CPU }
func allocs(s Sample) float64     { return s.Allocs }
func allocated(s Sample) float64  { return s.Bytes }
func idle(s Sample) float64       { return s.Idle }
func goroutines(s Sample) float64 { return float64(s.Goroutines) }
func starting(s Sample) float64   { return float64(s.Starting) }

// median returns the median of a cell's rounds, if it was measured.
func (r Results) median(cell Cell, of metric) (float64, bool) {
	var values []float64
	for _, sample := range r[cell] {
		values = append(values, of(sample))
	}
	return median(values)
}

// ratio returns the median of the ratios within the rounds that both figures have.
func (r Results) ratio(a, b figure) (float64, bool) {
	var values []float64
	for round := range min(len(r[a.cell]), len(r[b.cell])) {
		values = append(values, a.of(r[a.cell][round])/b.of(r[b.cell][round]))
	}
	return median(values)
}

func median(values []float64) (float64, bool) {
	if len(values) == 0 {
		return 0, false
	}
	slices.Sort(values)
	middle := len(values) / 2
	if len(values)%2 == 0 {
		return (values[middle-1] + values[middle]) / 2, true
	}
	return values[middle], true
}
