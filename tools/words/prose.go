package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"unicode"
)

// generated documents are checked where their text comes from: in the strings
// of the program that writes them.
var generated = map[string]bool{"benchmarks/results/README.md": true}

// prose returns the file with all blanked that nobody wrote as a sentence or
// as a name, so that every word keeps its place.
func prose(file string, source []byte) ([]byte, error) {
	switch {
	case generated[file]:
		return nil, nil
	case filepath.Ext(file) == ".go":
		return proseOfGo(file, source)
	default:
		return proseOfMarkdown(source), nil
	}
}

// code is a block of code in a document, or a span of it.
var code = regexp.MustCompile("(?ms)^```.*?^```|`[^`\n]+`")

func proseOfMarkdown(source []byte) []byte {
	return code.ReplaceAllFunc(source, func(span []byte) []byte { return blank(span) })
}

// proseOfGo keeps comments, strings and identifiers.
func proseOfGo(file string, source []byte) ([]byte, error) {
	files := token.NewFileSet()
	syntax, err := parser.ParseFile(files, file, source, parser.ParseComments)
	if err != nil || ast.IsGenerated(syntax) {
		return nil, err
	}
	text := blank(source)
	keep := func(from, to token.Pos) {
		start, end := files.PositionFor(from, false).Offset, files.PositionFor(to, false).Offset
		copy(text[start:end], source[start:end])
	}
	for _, group := range syntax.Comments {
		keep(group.Pos(), group.End())
	}
	ast.Inspect(syntax, func(node ast.Node) bool {
		switch node := node.(type) {
		case *ast.Ident:
			keep(node.Pos(), node.End())
		case *ast.BasicLit:
			if node.Kind == token.STRING {
				keep(node.Pos(), node.End())
			}
		case *ast.BinaryExpr: // the plus within a long string
			keep(node.OpPos, node.OpPos+1)
		}
		return true
	})
	return text, nil
}

// blank returns a copy with NULs for all but white space: they separate words
// that do not belong together.
func blank(source []byte) []byte {
	blanked := make([]byte, len(source))
	for i, b := range source {
		if unicode.IsSpace(rune(b)) {
			blanked[i] = b
		}
	}
	return blanked
}
