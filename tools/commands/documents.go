//go:build unix

package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// A command is one that a document has in a block for a shell, or in its text.
// A block that begins with go get or go build is one command.
type command struct {
	file string
	line int
	text string
	note string // what the document says beside it
}

func (c command) String() string {
	first, _, _ := strings.Cut(c.text, "\n")
	return fmt.Sprintf("%s:%d: %s", c.file, c.line, first)
}

// long reports whether it takes minutes, as the document or a rule says.
func (c command) long() bool {
	return ruleOf(c).long || strings.Contains(c.note, "minutes") || strings.Contains(c.note, "hour")
}

// documented returns the commands of all documents of a clone, each one once.
func documented(ctx context.Context, clone string) (all []command, err error) {
	files, err := output(ctx, clone, "git ls-files '*.md'")
	if err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	for file := range strings.FieldsSeq(files) {
		document, err := os.ReadFile(filepath.Join(clone, file))
		if err != nil {
			return nil, err
		}
		for _, c := range commandsOf(file, string(document)) {
			if !seen[c.text] {
				seen[c.text] = true
				all = append(all, c)
			}
		}
	}
	return all, nil
}

var (
	inline  = regexp.MustCompile("`((?:go|bash|curl) [^`]+)`")
	comment = regexp.MustCompile(`\s+# (.*)$`)
)

// commandsOf returns the commands of a document, in their order.
func commandsOf(file, document string) (all []command) {
	fence := ""       // that of the block that the line is in
	together := false // the block is one command
	for i, line := range strings.Split(document, "\n") {
		switch {
		case fence == "" && strings.HasPrefix(line, "```"):
			fence, together = line, false
		case strings.HasPrefix(line, "```"):
			fence = ""
		case fence == "":
			for _, span := range inline.FindAllStringSubmatch(line, -1) {
				all = append(all, command{file: file, line: i + 1, text: span[1]})
			}
		case fence != "```sh" || line == "" || line[0] == '#':
		case together:
			all[len(all)-1].text += "\n" + line
		default:
			c := command{file: file, line: i + 1, text: comment.ReplaceAllString(line, "")}
			if note := comment.FindStringSubmatch(line); note != nil {
				c.note = note[1]
			}
			all = append(all, c)
			together = strings.HasPrefix(line, "go get ") || strings.HasPrefix(line, "go build ")
		}
	}
	return all
}
