// Package lines counts lines of Go code.
package lines

import (
	"go/scanner"
	"go/token"
	"strings"
)

// Count returns the number of lines with code in them: neither blank nor only
// comment. A string of several lines counts with all of them.
func Count(src []byte) int {
	file := token.NewFileSet().AddFile("", -1, len(src))
	var s scanner.Scanner
	s.Init(file, src, nil, 0) // without comments
	count, last := 0, 0
	for {
		pos, tok, text := s.Scan()
		if tok == token.EOF {
			return count
		}
		if tok == token.SEMICOLON && text == "\n" {
			continue // is not in the text
		}
		first := file.Line(pos)
		end := first + strings.Count(text, "\n")
		count += end - max(first-1, last)
		last = end
	}
}
