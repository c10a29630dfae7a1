package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// The guide's table is what the command prints.
func TestTheGuidesTable(t *testing.T) {
	guide, err := os.ReadFile("../../../docs/moving.md")
	if err != nil {
		t.Fatal(err)
	}
	var paths []string
	for _, version := range versions {
		paths = append(paths, filepath.Join("..", version))
	}
	var printed bytes.Buffer
	if err := table(&printed, paths); err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(guide, append([]byte("\n\n"), append(printed.Bytes(), '\n')...)) {
		t.Errorf("this is not in docs/moving.md:\n%s", printed.Bytes())
	}
}

func TestTable(t *testing.T) {
	folder := t.TempDir()
	for name, src := range map[string]string{
		"a.go":      "// Package p.\npackage p\n",
		"b.go":      "package p\n\nvar x int\n",
		"b_test.go": "package p\n",
		"notes.txt": "one\n",
	} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(src), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var printed bytes.Buffer
	err := table(&printed, []string{folder, filepath.Join(folder, "b.go"), filepath.Join(folder, "b_test.go")})
	want := "| version | lines |\n| --- | --- |\n" +
		"| " + filepath.Base(folder) + " | 3 |\n| b.go | 2 |\n| b_test.go | 1 |\n"
	if err != nil || printed.String() != want {
		t.Errorf("%v\n%s", err, printed.String())
	}
	if err := table(&printed, []string{filepath.Join(folder, "none")}); err == nil {
		t.Error("no error for what is not there")
	}
}
