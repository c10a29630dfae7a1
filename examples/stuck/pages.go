package main

import (
	"os"
	"regexp"
)

// block is what a page shows of a file: a comment that names it, and fenced
// text.
var block = regexp.MustCompile("(?s)(<!-- seen: (\\S+) -->\n```[a-z]*\n)(.*?)(```\n)")

// renew writes files into the pages that show them.
func renew(pages []string, files map[string]string) error {
	for _, page := range pages {
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

// withBlocks gives a page with its blocks renewed, as far as there are files.
func withBlocks(page string, files map[string]string) string {
	return block.ReplaceAllStringFunc(page, func(old string) string {
		parts := block.FindStringSubmatch(old)
		if text, ok := files[parts[2]]; ok {
			return parts[1] + text + parts[4]
		}
		return old
	})
}
