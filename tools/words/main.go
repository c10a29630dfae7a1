// Command words finds the idioms of idioms.txt, which are not native Go
// English, in the documents, comments, strings and names of this repository.
// From its root:
//
//	go run -C tools ./words
//
// prints each one with its place and what to write instead, and fails if there
// is one. Code in documents and generated files are not read.
package main

import (
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

func main() {
	log.SetFlags(0)
	root, err := exec.Command("git", "rev-parse", "--show-toplevel").Output()
	if err != nil {
		log.Fatal("not in a git repository: ", err)
	}
	found, err := search(strings.TrimSpace(string(root)))
	if err != nil {
		log.Fatal(err)
	}
	for _, f := range found {
		fmt.Println(f)
	}
	if len(found) > 0 {
		os.Exit(1)
	}
}

// search returns what is found in the files of a repository, in their order.
func search(root string) (all []finding, err error) {
	// Files that are not committed yet count, ignored ones do not.
	list := exec.Command("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
	list.Dir = root
	names, err := list.Output()
	if err != nil {
		return nil, err
	}
	for name := range strings.SplitSeq(strings.TrimRight(string(names), "\x00"), "\x00") {
		if filepath.Ext(name) != ".go" && filepath.Ext(name) != ".md" {
			continue
		}
		source, err := os.ReadFile(filepath.Join(root, name))
		if os.IsNotExist(err) { // deleted, but still in the index
			continue
		}
		if err != nil {
			return nil, err
		}
		found, err := find(name, source)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	return all, nil
}
