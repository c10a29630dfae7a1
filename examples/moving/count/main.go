// Count prints a table of the lines of Go in files and folders, without blank
// lines and comments. Of a folder, those of its own files count, but tests do
// not. Without arguments it counts the versions that docs/moving.md shows.
//
//	go run -C examples ./moving/count [path ...]
package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/seed-3b777528/grouper/examples/internal/lines"
)

var versions = []string{"oklogrun", "errgroup", "suture", "fx", "dskit", "grouper"}

func main() {
	paths := os.Args[1:]
	if len(paths) == 0 {
		for _, version := range versions {
			paths = append(paths, filepath.Join("moving", version))
		}
	}
	if err := table(os.Stdout, paths); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// table writes a row per path in Markdown, named by the last element of it.
func table(to io.Writer, paths []string) error {
	fmt.Fprint(to, "| version | lines |\n| --- | --- |\n")
	for _, path := range paths {
		count, err := count(path)
		if err != nil {
			return err
		}
		fmt.Fprintf(to, "| %s | %d |\n", filepath.Base(path), count)
	}
	return nil
}

func count(path string) (int, error) {
	files := []string{path}
	info, err := os.Stat(path)
	if err == nil && info.IsDir() {
		files, err = filepath.Glob(filepath.Join(path, "*.go"))
	}
	if err != nil {
		return 0, err
	}
	sum := 0
	for _, file := range files {
		if info.IsDir() && strings.HasSuffix(file, "_test.go") {
			continue
		}
		src, err := os.ReadFile(file)
		if err != nil {
			return 0, err
		}
		sum += lines.Count(src)
	}
	return sum, nil
}
