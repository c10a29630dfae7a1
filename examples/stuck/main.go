// Stuck is a small service that does not stop when it is told to, and the
// program that finds out why:
//
//	service          ordered: started from the top, stopped from the bottom
//	├── store        reads its log before it is ready
//	├── workers      dynamic: the jobs
//	│   ├── index    uses some processor time
//	│   ├── mail     uses none
//	│   └── resize   uses all that it can get
//	└── servers      parallel
//	    ├── api      serves a request that does not end
//	    └── health
//
// It starts the service, signals it, and looks at it in four ways while the
// request holds up the shutdown. Then it lets the request end. What it has seen
// is printed, and kept in docs/inside, from where it gets into the pages:
//
//	go run -C examples ./stuck
package main

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

func main() {
	out := flag.String("out", filepath.Join("..", "..", "docs", "inside"), "the `folder` for what was seen")
	pages := flag.String("pages", "../../README.md,../../docs/inside.md", "the `pages` that show it, which are renewed")
	flag.Parse()
	if err := run(*out, pageList(*pages)); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func pageList(pages string) []string {
	return strings.FieldsFunc(pages, func(r rune) bool { return r == ',' })
}

func run(out string, pages []string) error {
	// The profile and the trace are too large to be kept.
	scratch, err := os.MkdirTemp("", "stuck")
	if err != nil {
		return err
	}
	seen, err := look(scratch)
	if err != nil {
		return err
	}
	fmt.Printf("waiting for %s\n", strings.Join(seen.status.WaitingFor(), ", "))
	files := seen.files()
	for _, name := range slices.Sorted(maps.Keys(files)) {
		file := filepath.Join(out, name)
		fmt.Printf("\n== %s\n\n", file)
		if filepath.Ext(name) == ".txt" {
			fmt.Print(files[name])
		}
		if err := os.WriteFile(file, []byte(files[name]), 0o666); err != nil {
			return err
		}
	}
	fmt.Printf("\nThe CPU profile and the trace are in %s\n", scratch)
	return renew(pages, files)
}
