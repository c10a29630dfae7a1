package main

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// One program has all the mutants in it, so that it is compiled only once: a
// copy of the function for each, which the function itself calls if an
// environment variable says so.
const (
	variable = "MUTATION"
	chooser  = `
import ("os"; "strconv")

var mutation, _ = strconv.Atoi(os.Getenv("` + variable + `"))
`
)

// variant is the code of a mutant: a function of another name, or what sets
// a variable of the package to another value.
func (b *breeder) variant(number int, source string, changed token.Pos) string {
	longer := len(source) - len(b.source)
	if function, ok := b.declaration.(*ast.FuncDecl); ok {
		return source[b.offset(function.Pos()):b.offset(function.Name.Pos())] + copyName(function, number) +
			source[b.offset(function.Name.End()):b.offset(function.End())+longer]
	}
	for _, spec := range b.declaration.(*ast.GenDecl).Specs {
		if spec, ok := spec.(*ast.ValueSpec); ok {
			for i, value := range spec.Values {
				if value.Pos() <= changed && changed <= value.End() {
					text := source[b.offset(value.Pos()) : b.offset(value.End())+longer]
					return fmt.Sprintf("func init() { if mutation == %d { %s = %s } }", number, spec.Names[i], text)
				}
			}
		}
	}
	panic("a change outside of functions and values")
}

func copyName(function *ast.FuncDecl, number int) string {
	return fmt.Sprintf("%s_mutant%d", function.Name, number)
}

// An edit is a text in place of a part of the source.
type edit struct {
	from, to int
	text     string
}

// withVariants returns the source of a file with the variants of its mutants.
func (b *breeder) withVariants(i int) (string, error) {
	source, err := os.ReadFile(b.names[i])
	if err != nil {
		return "", err
	}
	text, variants := string(source), ""
	for _, declaration := range slices.Backward(b.files[i].Decls) {
		var numbers []int
		for _, m := range b.found {
			if m.of == declaration {
				numbers = append(numbers, m.number)
				variants += "\n" + m.variant + "\n"
			}
		}
		if function, ok := declaration.(*ast.FuncDecl); ok && len(numbers) > 0 {
			for _, e := range b.choice(function, numbers) {
				text = text[:e.from] + e.text + text[e.to:]
			}
		}
	}
	return text + variants, nil
}

// named returns what a copy of the function is called with, and the edits that
// name those parameters that have no name.
func (b *breeder) named(function *ast.FuncDecl) (arguments []string, edits []edit) {
	blank := func() string { return fmt.Sprintf("blank%d", len(arguments)) }
	for _, field := range function.Type.Params.List {
		dots := ""
		if _, variadic := field.Type.(*ast.Ellipsis); variadic {
			dots = "..."
		}
		if len(field.Names) == 0 {
			edits = append(edits, edit{b.offset(field.Pos()), b.offset(field.Pos()), blank() + " "})
			arguments = append(arguments, blank()+dots)
		}
		for _, name := range field.Names {
			argument := name.Name
			if argument == "_" {
				argument = blank()
				edits = append(edits, edit{b.offset(name.Pos()), b.offset(name.End()), argument})
			}
			arguments = append(arguments, argument+dots)
		}
	}
	return arguments, edits
}

// choice makes a function call its copies. The last edit comes first.
func (b *breeder) choice(function *ast.FuncDecl, numbers []int) []edit {
	arguments, edits := b.named(function)
	receiver := ""
	if function.Recv != nil {
		field := function.Recv.List[0]
		if len(field.Names) == 0 {
			receiver = "self."
			edits = slices.Insert(edits, 0, edit{b.offset(field.Pos()), b.offset(field.Pos()), "self "})
		} else {
			receiver = field.Names[0].Name + "."
		}
	}
	text := "switch mutation {"
	for _, number := range numbers {
		call := fmt.Sprintf("%s%s%s(%s)", receiver, copyName(function, number), typeArguments(function), strings.Join(arguments, ", "))
		if function.Type.Results == nil {
			text += fmt.Sprintf("case %d: %s; return;", number, call)
		} else {
			text += fmt.Sprintf("case %d: return %s;", number, call)
		}
	}
	body := b.offset(function.Body.Lbrace) + 1
	edits = append(edits, edit{body, body, text + "};"})
	slices.Reverse(edits)
	return edits
}

// typeArguments returns a function's own type parameters, which a copy cannot
// always infer.
func typeArguments(function *ast.FuncDecl) string {
	if function.Type.TypeParams == nil {
		return ""
	}
	var names []string
	for _, field := range function.Type.TypeParams.List {
		for _, name := range field.Names {
			names = append(names, name.Name)
		}
	}
	return "[" + strings.Join(names, ", ") + "]"
}

// overlay writes the package with its variants, and the file with which the go
// command uses these instead.
func (b *breeder) overlay(dir string) (file string, err error) {
	sources := map[string]string{"mutation.go": "package " + b.files[0].Name.Name + chooser}
	for i, name := range b.names {
		if sources[name], err = b.withVariants(i); err != nil {
			return "", err
		}
	}
	replaced := make(map[string]string)
	for name, source := range sources {
		original, err := filepath.Abs(name)
		if err != nil {
			return "", err
		}
		replaced[original] = filepath.Join(dir, name)
		if err := os.WriteFile(replaced[original], []byte(source), 0o600); err != nil {
			return "", err
		}
	}
	text, err := json.Marshal(map[string]any{"Replace": replaced})
	if err != nil {
		return "", err
	}
	file = filepath.Join(dir, "overlay.json")
	return file, os.WriteFile(file, text, 0o600)
}
