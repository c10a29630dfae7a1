//go:build unix

// Command commands runs the commands of the documents, as they stand there, in
// a fresh clone of the last commit. From the root of the repository:
//
//	go run -C tools ./commands
//
// runs each of them once, prints how long it took, and fails if one fails. A
// command that takes minutes, as its document or rules.go says, is run with
// -long only. Rules.go also has the commands that are not run here, and why.
// With documents as arguments, only their commands are run.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

// module is what a user gets.
const module = "github.com/seed-3b777528/grouper"

func main() {
	log.SetFlags(0)
	long := flag.Bool("long", false, "also run what takes minutes")
	list := flag.Bool("list", false, "print the commands, and run nothing")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, *long, *list, flag.Args()); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, long, list bool, documents []string) error {
	scratch, err := os.MkdirTemp("", "commands")
	if err != nil {
		return err
	}
	defer os.RemoveAll(scratch)
	clone := filepath.Join(scratch, "clone")
	root, err := output(ctx, ".", "git rev-parse --show-toplevel")
	if err != nil {
		return err
	}
	if err := exec.CommandContext(ctx, "git", "clone", "--quiet", strings.TrimSpace(root), clone).Run(); err != nil {
		return fmt.Errorf("git clone: %w", err)
	}
	commands, err := documented(ctx, clone)
	if err != nil {
		return err
	}
	if err := allRulesApply(commands); err != nil {
		return err
	}
	if err := prepare(ctx, scratch, clone); err != nil {
		return err
	}

	failed := 0
	places := &places{clone: clone, user: filepath.Join(scratch, "user")}
	for _, c := range commands {
		rule := ruleOf(c)
		switch {
		case len(documents) > 0 && !slices.Contains(documents, c.file):
		case rule.skip != "":
			fmt.Printf("   -    %v (%s)\n", c, rule.skip)
		case list:
			fmt.Printf("        %v\n", c)
		case c.long() && !long:
			fmt.Printf("   -    %v (takes minutes)\n", c)
		default:
			if !perform(ctx, places, c, rule) {
				failed++
			}
		}
	}
	if failed > 0 {
		return fmt.Errorf("%d commands failed", failed)
	}
	return nil
}

// perform runs a command, prints how that went, and reports whether it went
// well.
func perform(ctx context.Context, places *places, c command, rule rule) bool {
	began := time.Now()
	output, err := places.run(ctx, c, rule)
	took := time.Since(began)
	fmt.Printf("%6.1fs %v\n", took.Seconds(), c)
	if err != nil {
		fmt.Printf("%s\nFAILED: %v\n", output, err)
	} else if took > time.Minute && !c.long() {
		fmt.Println("        took longer than a minute, which the document does not say")
	}
	return err == nil
}

// prepare sets the environment of the commands: a cache folder of their own,
// except for the go command, which gets this module from the clone.
func prepare(ctx context.Context, scratch, clone string) error {
	cache, err := output(ctx, ".", "go env GOCACHE")
	if err != nil {
		return err
	}
	for name, value := range map[string]string{
		"GOCACHE":            strings.TrimSpace(cache),
		"XDG_CACHE_HOME":     filepath.Join(scratch, "cache"),
		"GOPRIVATE":          module,
		"GIT_CONFIG_COUNT":   "1",
		"GIT_CONFIG_KEY_0":   "url.file://" + clone + ".insteadOf",
		"GIT_CONFIG_VALUE_0": "https://" + module,
	} {
		if err := os.Setenv(name, value); err != nil {
			return err
		}
	}
	return nil
}
