// Stuck is a small service that does not stop when it should, and the
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
// request holds up the shutdown. Then it lets the request end, and prints what
// it has seen:
//
//	go run -C examples ./stuck
//
// With -write it also keeps that in examples/stuck/seen, and renews README.md and
// docs/inside.md, which show it.
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
	write := flag.Bool("write", false, "keep what was seen, and renew the pages that show it")
	root := flag.String("root", "..", "the `folder` of the repository, for -write")
	flag.Parse()
	files, err := run()
	if err == nil && *write {
		err = keep(*root, files)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// run returns the files that it has printed, and the picture.
func run() (files map[string]string, err error) {
	// The profile and the trace are too large to be kept.
	scratch, err := os.MkdirTemp("", "stuck")
	if err != nil {
		return nil, err
	}
	seen, err := look(scratch)
	if err != nil {
		return nil, err
	}
	fmt.Printf("waiting for %s\n", strings.Join(seen.status.WaitingFor(), ", "))
	files = seen.files()
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if filepath.Ext(name) == ".txt" {
			fmt.Printf("\n== %s\n\n%s", name, files[name])
		}
	}
	fmt.Printf("\nThe CPU profile and the trace are in %s\n", scratch)
	return files, nil
}
