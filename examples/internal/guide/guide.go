// Package guide checks that what a page of the documentation shows is what is in
// the files that the tests run.
package guide

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	block  = regexp.MustCompile("(?s)(?:^|\n)```(\\w+)\n(.*?\n)```\n")
	linked = regexp.MustCompile("(?s)\\]\\(\\.\\./([^)]+)\\):\n\n```(\\w+)\n(.*?\n)```\n")
)

// Read returns the text of a file.
func Read(t *testing.T, root, path string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, path))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Blocks returns the blocks of a page in a language.
func Blocks(page, language string) (blocks []string) {
	for _, found := range block.FindAllStringSubmatch(page, -1) {
		if found[1] == language {
			blocks = append(blocks, found[2])
		}
	}
	return blocks
}

// CheckCode checks that each block of a page, but for those in the languages
// without code, follows a link to a file, and is lines of that file. It returns
// the paths of the files.
func CheckCode(t *testing.T, root, page string, without ...string) (paths []string) {
	t.Helper()
	others := 0
	for _, language := range without {
		others += len(Blocks(page, language))
	}
	blocks := linked.FindAllStringSubmatch(page, -1)
	if all := len(block.FindAllString(page, -1)); all != len(blocks)+others {
		t.Errorf("%d of %d blocks of code say which file they are from", len(blocks), all-others)
	}
	for _, found := range blocks {
		path, code := found[1], found[3]
		paths = append(paths, path)
		if !strings.Contains("\n"+Read(t, root, path), "\n"+code) {
			t.Errorf("this is not in %s:\n%s", path, code)
		}
	}
	return paths
}
