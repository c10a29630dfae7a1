// Command mutate breaks package grouper in one small way after the other, and
// runs its tests against each of these mutants. If the tests still pass, they do
// not check what was broken. From the root of the repository:
//
//	go run -C tools ./mutate
//
// prints the mutants that survive, and fails if one of them is not listed in
// equivalent.md, or if one that is listed there was killed or no longer exists.
// With identifiers of mutants as arguments, it runs only those.
//
// The source is not changed: the go command gets the mutants as an overlay.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"strconv"
	"sync"
)

// equivalents is the file, from the root, that lists the known equivalent
// mutants.
const equivalents = "tools/mutate/equivalent.md"

// tests run in this order, each on the mutants that survived the ones before it.
// First the fast ones, within 8 GB, since some mutants would use all the memory
// there is; then the same with the race detector; then the ones that read
// execution traces.
var tests = []*test{
	{
		folder:    ".",
		arguments: []string{"-test.run=^Test", "-test.failfast", "-ginkgo.fail-fast"},
		limit:     "-d 8000000",
	},
	{
		folder:    ".",
		building:  []string{"-race"},
		arguments: []string{"-test.failfast", "-ginkgo.fail-fast"},
	},
	{
		folder:    "proof/inside",
		arguments: []string{"-test.failfast"},
	},
}

func main() {
	log.SetFlags(0)
	root := flag.String("root", "..", "the folder of the package")
	list := flag.Bool("list", false, "print the mutants, and run nothing")
	workers := flag.Int("workers", 2, "how many mutants to run at a time")
	patience := flag.Int("patience", 10, "a mutant is killed when it takes so many times as long as the package itself")
	flag.Var((*more)(&tests), "then", "a folder of more tests, from the root, and arguments for them")
	flag.Parse()

	if err := os.Chdir(*root); err != nil { // where imports are looked up, too
		log.Fatal(err)
	}
	b, err := breed()
	if err != nil {
		log.Fatal(err)
	}
	found := only(b.found, flag.Args())
	if *list {
		for _, m := range found {
			fmt.Println(m)
		}
		return
	}
	equivalent, err := listed(equivalents)
	if err != nil {
		log.Fatal(err)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	verdicts, err := run(ctx, b, found, equivalent, *workers, *patience)
	if err != nil {
		log.Fatal(err)
	}
	if !report(found, verdicts, equivalent, flag.NArg() == 0) {
		os.Exit(1)
	}
}

// run builds the tests, and runs the mutants.
func run(ctx context.Context, b *breeder, found []mutant, equivalent map[string]bool, workers, patience int) ([]verdict, error) {
	dir, err := os.MkdirTemp("", "mutants")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	overlay, err := b.overlay(dir)
	if err != nil {
		return nil, err
	}
	for i, t := range tests {
		if err := t.prepare(ctx, filepath.Join(dir, strconv.Itoa(i)), overlay, patience); err != nil {
			return nil, err
		}
		log.Printf("tests %d are built; a mutant has %.0fs", i, t.patience.Seconds())
	}
	return runAll(ctx, found, equivalent, workers), ctx.Err()
}

// only returns the mutants with these identifiers, or all if there are none.
func only(found []mutant, ids []string) []mutant {
	if len(ids) == 0 {
		return found
	}
	var chosen []mutant
	for _, m := range found {
		for _, id := range ids {
			if m.id == id {
				chosen = append(chosen, m)
			}
		}
	}
	return chosen
}

var entry = regexp.MustCompile("(?m)^- `([0-9a-f]{8})`")

// listed reads the identifiers of the known equivalent mutants.
func listed(file string) (map[string]bool, error) {
	text, err := os.ReadFile(file)
	if err != nil && !os.IsNotExist(err) {
		return nil, err
	}
	ids := make(map[string]bool)
	for _, match := range entry.FindAllSubmatch(text, -1) {
		ids[string(match[1])] = true
	}
	return ids, nil
}

// runAll runs the mutants, and at once prints each one that survives, or was
// killed only because its time was up. It also prints what kills one that is
// listed as equivalent, since that may be a flaky test.
func runAll(ctx context.Context, found []mutant, equivalent map[string]bool, workers int) []verdict {
	verdicts := make([]verdict, len(found))
	next := make(chan int)
	var pool sync.WaitGroup
	for range workers {
		pool.Go(func() {
			for i := range next {
				var output []byte
				verdicts[i], output = judge(ctx, tests, found[i])
				if ctx.Err() != nil {
					continue
				}
				if verdicts[i] != killed {
					fmt.Printf("%s: %s\n", verdicts[i], found[i])
				} else if equivalent[found[i].id] {
					fmt.Printf("%s: %s\n%s\n", verdicts[i], found[i], output)
				}
			}
		})
	}
	for i := range found {
		if i%50 == 0 {
			log.Printf("%d of %d", i, len(found))
		}
		next <- i
	}
	close(next)
	pool.Wait()
	return verdicts
}

// report prints a summary, and reports whether everything is as expected.
func report(found []mutant, verdicts []verdict, equivalent map[string]bool, all bool) bool {
	count := make(map[verdict]int)
	unlisted, wrong := 0, 0
	seen := make(map[string]bool)
	for i, m := range found {
		count[verdicts[i]]++
		seen[m.id] = true
		if verdicts[i] == survived && !equivalent[m.id] {
			unlisted++
		}
		if verdicts[i] != survived && equivalent[m.id] {
			wrong++
			fmt.Printf("listed as equivalent, but %s: %s\n", verdicts[i], m)
		}
	}
	for id := range equivalent {
		if all && !seen[id] {
			wrong++
			fmt.Printf("listed as equivalent, but not made: %s\n", id)
		}
	}
	dead := count[killed] + count[timedOut]
	fmt.Printf("%d mutants: %d killed, %d of them by the time they took; %d survived, %d of them not listed\n",
		len(found), dead, count[timedOut], count[survived], unlisted)
	if able := dead + unlisted; able > 0 {
		fmt.Printf("%.1f %% of those killed that can be\n", 100*float64(dead)/float64(able))
	}
	return unlisted+wrong == 0
}
