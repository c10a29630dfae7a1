// Package lines counts lines of Go.
package lines

import (
	"go/scanner"
	"go/token"
	"strings"
)

// Count returns the number of lines in src that have code on them: those that
// are blank, or hold nothing but comments, do not count. Of a raw string, each
// line that is not blank counts.
func Count(src []byte) int {
	file := token.NewFileSet().AddFile("", -1, len(src))
	var s scanner.Scanner
	s.Init(file, src, nil, 0) // comments are skipped

	count, last := 0, 0 // last is the latest line that has been counted
	for {
		pos, tok, text := s.Scan()
		if tok == token.EOF {
			return count
		}
		if tok == token.SEMICOLON && text == "\n" {
			continue // inserted by the scanner
		}
		for i, part := range strings.Split(text, "\n") {
			line := file.Line(pos) + i
			if line > last && (i == 0 || strings.TrimSpace(part) != "") {
				count, last = count+1, line
			}
		}
	}
}
