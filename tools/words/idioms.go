package main

import (
	"bytes"
	_ "embed"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// list has an idiom per line: an example, the pattern of all its forms, and
// what to write instead. It is no Go file, since those are searched for it.
//
//go:embed idioms.txt
var list string

type idiom struct {
	example string
	pattern *regexp.Regexp
	instead string
}

var idioms = parse(list)

// between is what separates two words: white space, where a comment goes on in
// the next line its slashes, and where a string does its quotes.
const between = `[\s/"+]+`

func parse(list string) (all []idiom) {
	for line := range strings.Lines(list) {
		field := strings.Split(strings.TrimSpace(line), " -> ")
		words := strings.ReplaceAll(field[1], " ", between)
		all = append(all, idiom{field[0], regexp.MustCompile(`(?i)\b(?:` + words + `)\b`), field[2]})
	}
	return all
}

// A finding is one use of an idiom.
type finding struct {
	file    string
	line    int
	words   string
	instead string
}

func (f finding) String() string {
	return fmt.Sprintf("%s:%d: %q: %s", f.file, f.line, f.words, f.instead)
}

// find returns each use of an idiom in a file, from the top.
func find(file string, source []byte) (found []finding, err error) {
	text, err := prose(file, source)
	if err != nil {
		return nil, err
	}
	for _, i := range idioms {
		for _, at := range i.pattern.FindAllIndex(text, -1) {
			found = append(found, finding{
				file:    file,
				line:    1 + bytes.Count(text[:at[0]], []byte("\n")),
				words:   string(text[at[0]:at[1]]),
				instead: i.instead,
			})
		}
	}
	slices.SortStableFunc(found, func(a, b finding) int { return a.line - b.line })
	return found, nil
}
