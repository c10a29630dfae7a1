package grouper_test

import (
	"go/ast"
	"go/doc"
	"go/parser"
	"go/token"
	"path/filepath"
	"testing"
)

// Each example is shown as a program that can be run where it stands, and those
// of the main entries as a whole file.
func TestExamplesArePrograms(t *testing.T) {
	paths, err := filepath.Glob("example*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	whole := map[string]bool{}
	for _, path := range paths {
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		for _, example := range doc.Examples(file) {
			if example.Play == nil {
				t.Errorf("%s: Example%s needs what is not in its file", path, example.Name)
			}
			if _, isFile := example.Code.(*ast.File); isFile {
				whole[example.Name] = true
			}
		}
	}
	for _, name := range []string{"", "NewParallel", "NewOrdered", "NewDynamic", "Reporting", "Inspect", "Observe", "Wrap", "ContextFunc", "Find"} {
		if !whole[name] {
			t.Errorf("Example%s is no whole file", name)
		}
	}
}
