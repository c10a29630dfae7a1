package main

import (
	"os"
	"path/filepath"
	"regexp"
)

// kept is the folder of what was seen, from the root of the repository.
const kept = "examples/stuck/seen"

// pages show what was seen.
var pages = []string{"README.md", "docs/inside.md"}

// block is what a page shows of a file: a comment that names it, and fenced
// text.
var block = regexp.MustCompile("(?s)(<!-- seen: (\\S+) -->\n```[a-z]*\n)(.*?)(```\n)")

// keep writes files into the repository, and into the pages that show them.
func keep(root string, files map[string]string) error {
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(root, kept, name), []byte(text), 0o666); err != nil {
			return err
		}
	}
	for _, page := range pages {
		page = filepath.Join(root, page)
		text, err := os.ReadFile(page)
		if err != nil {
			return err
		}
		if err := os.WriteFile(page, []byte(withBlocks(string(text), files)), 0o666); err != nil {
			return err
		}
	}
	return nil
}

// withBlocks returns a page with its blocks renewed, as far as there are files.
func withBlocks(page string, files map[string]string) string {
	return block.ReplaceAllStringFunc(page, func(old string) string {
		parts := block.FindStringSubmatch(old)
		if text, ok := files[parts[2]]; ok {
			return parts[1] + text + parts[4]
		}
		return old
	})
}
