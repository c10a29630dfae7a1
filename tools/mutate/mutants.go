package main

import (
	"crypto/sha256"
	"fmt"
	"go/ast"
	"go/build"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"strings"
)

// A mutant is the package with one thing changed in one of its files.
type mutant struct {
	id       string // does not depend on the place in the file
	number   int
	file     string
	line     int
	function string
	removed  string // the lines that are changed
	added    string // what they become
	variant  string // code that is the changed one
	of       ast.Decl
}

func (m mutant) String() string {
	return fmt.Sprintf("%s %s:%d %s\n\t- %s\n\t+ %s", m.id, m.file, m.line, m.function, m.removed, m.added)
}

// A breeder makes the mutants of one package.
type breeder struct {
	fset   *token.FileSet
	names  []string
	files  []*ast.File
	info   *types.Info
	config types.Config
	seen   map[string]int
	found  []mutant

	// The current position.
	at          int // the file
	source      string
	declaration ast.Decl
}

// breed makes all the mutants of the package in this folder, in the order of
// its source.
func breed() (*breeder, error) {
	pkg, err := build.ImportDir(".", 0)
	if err != nil {
		return nil, err
	}
	b := &breeder{fset: token.NewFileSet(), names: pkg.GoFiles, seen: make(map[string]int)}
	b.info = &types.Info{Types: make(map[ast.Expr]types.TypeAndValue), Uses: make(map[*ast.Ident]types.Object)}
	b.config.Importer = imports{importer.ForCompiler(b.fset, "source", nil), make(map[string]*types.Package)}
	for _, name := range b.names {
		file, err := parser.ParseFile(b.fset, name, nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		b.files = append(b.files, file)
	}
	if _, err := b.config.Check(pkg.Name, b.fset, b.files, b.info); err != nil {
		return nil, err
	}
	b.config.Error = func(error) {} // a mutant's first error is enough, and is not printed
	for i, name := range b.names {
		source, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		b.at, b.source = i, string(source)
		for _, b.declaration = range b.files[i].Decls {
			if general, ok := b.declaration.(*ast.GenDecl); !ok || general.Tok != token.CONST { // no mutant can set a constant
				ast.Inspect(b.declaration, b.visit)
			}
		}
	}
	return b, nil
}

// declared names a function by its receiver's type and its own name.
func declared(declaration ast.Decl) string {
	function, ok := declaration.(*ast.FuncDecl)
	if !ok {
		return "var"
	}
	if function.Recv == nil {
		return function.Name.Name
	}
	receiver := function.Recv.List[0].Type
	for {
		switch t := receiver.(type) {
		case *ast.StarExpr:
			receiver = t.X
		case *ast.IndexExpr:
			receiver = t.X
		default:
			return fmt.Sprintf("%s.%s", t, function.Name.Name)
		}
	}
}

// replace adds the mutant with another text in place of a part of the source. It
// reports whether that is a mutant: it must differ, and compile.
func (b *breeder) replace(from, to token.Pos, text string) bool {
	start, end := b.offset(from), b.offset(to)
	old := b.source[start:end]
	if old == text {
		return false
	}
	source := b.source[:start] + text + b.source[end:]
	if !b.compiles(source) {
		return false
	}
	function := declared(b.declaration)
	key := fmt.Sprintf("%s: %s -> %s", function, words(old), words(text))
	b.seen[key]++
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %d", key, b.seen[key]))
	head, tail := b.around(start, end)
	m := mutant{
		id:       fmt.Sprintf("%x", sum[:4]),
		number:   len(b.found) + 1,
		file:     b.names[b.at],
		line:     b.fset.Position(from).Line,
		function: function,
		removed:  words(head + old + tail),
		added:    words(head + text + tail),
		of:       b.declaration,
	}
	m.variant = b.variant(m.number, source, from)
	b.found = append(b.found, m)
	return true
}

// around returns what is before and after a part of the source on its lines.
func (b *breeder) around(from, to int) (head, tail string) {
	tail, _, _ = strings.Cut(b.source[to:], "\n")
	return b.source[strings.LastIndex(b.source[:from], "\n")+1 : from], tail
}

func (b *breeder) compiles(source string) bool {
	file, err := parser.ParseFile(b.fset, b.names[b.at], source, parser.SkipObjectResolution)
	if err != nil {
		return false
	}
	files := append([]*ast.File(nil), b.files...)
	files[b.at] = file
	_, err = b.config.Check("mutant", b.fset, files, nil)
	return err == nil
}

func (b *breeder) text(n ast.Node) string {
	return b.source[b.offset(n.Pos()):b.offset(n.End())]
}

func (b *breeder) offset(at token.Pos) int { return b.fset.Position(at).Offset }

// words returns a text on one line.
func words(text string) string { return strings.Join(strings.Fields(text), " ") }

// imports looks up each package once.
type imports struct {
	types.Importer
	known map[string]*types.Package
}

func (i imports) Import(path string) (pkg *types.Package, err error) {
	if i.known[path] == nil {
		i.known[path], err = i.Importer.Import(path)
	}
	return i.known[path], err
}
