// Command compare measures all libraries at all kinds of work, interleaved in
// one run, and writes tables and plots:
//
//	go run -C benchmarks ./compare          # all of it, into benchmarks/results
//	go run -C benchmarks ./compare -quick   # a look at the small sizes, into benchmarks/results/quick
//
// To tune something, measure a few cells and print them. A cell has a name such
// as parallel/10/grouper or, beside 8 computing goroutines per processor,
// beside8/parallel/10/grouper:
//
//	go run -C benchmarks ./compare -only '^(ordered|parallel)/(3|10)/(grouper|original|floor)$' -rounds 9
//	go run -C benchmarks ./compare -only ^beside
//
// To see the effect of a change, build this command without it, and measure both
// in one run:
//
//	go build -C benchmarks -o /tmp/before ./compare
//	go run -C benchmarks ./compare -only '^(beside.*/)?(ordered|parallel)/10/' -before /tmp/before
//
// Each measurement has a process of its own, so that none pays for what an
// earlier one has left behind. A round measures everything once. There are
// several rounds, and the report has their medians.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"time"
)

// A plan is how much is measured.
type plan struct {
	command string
	rounds  int
	batch   time.Duration  // what a measurement of time takes at least
	firsts  int            // processes in a round of which only the first run counts
	budget  time.Duration  // after which no more rounds are spent on a cell
	quick   bool           // whether large sizes are left out
	only    *regexp.Regexp // the names of the cells that are measured, nil for all
	before  string         // this command as it was before, or empty
}

var (
	full  = plan{command: "go run -C benchmarks ./compare", rounds: 5, batch: 100 * time.Millisecond, firsts: 50, budget: time.Minute}
	quick = plan{command: "go run -C benchmarks ./compare -quick", rounds: 3, batch: 5 * time.Millisecond, firsts: 3, budget: time.Second / 2, quick: true}
)

func main() {
	var only regexp.Regexp
	isQuick := flag.Bool("quick", false, "measure small sizes only, in less than a minute and a half")
	flag.TextVar(&only, "only", regexp.MustCompile(""), "measure the cells with names that match this `regexp` only, and print them")
	before := flag.String("before", "", "measure this package as this `command`, built earlier, has it too, and print all")
	rounds := flag.Int("rounds", 0, "how many rounds there are (default 5, or 3 if quick)")
	out := flag.String("out", "", "the folder to write to (default results, or results/quick)")
	cell := flag.String("cell", "", "measure this one only, and print it as JSON: what the command runs itself with")
	flag.Parse()

	p, folder := full, "results"
	if *isQuick {
		p, folder = quick, filepath.Join("results", "quick")
	}
	if *out != "" {
		folder = *out
	}
	if *rounds > 0 {
		p.rounds = *rounds
	}
	p.only, p.before = &only, *before
	if err := run(p, folder, *cell); err != nil {
		fmt.Fprintln(os.Stderr, "compare:", err)
		os.Exit(1)
	}
}

func run(p plan, folder, cell string) error {
	if cell != "" {
		return measureAlone(p, cell)
	}
	results, err := p.run()
	if err != nil {
		return err
	}
	if p.only.String() != "" || p.before != "" {
		return results.print(os.Stdout, p.cells())
	}
	return write(results, p, folder)
}

func write(results Results, p plan, folder string) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	if err := drawAll(results, folder); err != nil {
		return err
	}
	page := filepath.Join(folder, "README.md")
	fmt.Fprintln(os.Stderr, "written:", page)
	return os.WriteFile(page, []byte(report(results, p, thisMachine())), 0o644)
}

func measureAlone(p plan, cell string) error {
	var c Cell
	if err := json.Unmarshal([]byte(cell), &c); err != nil {
		return err
	}
	sample, err := c.measure(p.batch)
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(sample)
}
