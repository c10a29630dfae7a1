//go:build unix

package goget

import (
	"archive/zip"
	"bufio"
	"bytes"
	"debug/buildinfo"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"golang.org/x/mod/modfile"
)

// What the programs of users may contain besides the standard library.
var (
	withGroups  = []string{library.Path, "github.com/tedsuo/ifrit"} // package grouper alone
	withService = []string{"github.com/cenkalti/backoff/v5", "github.com/google/pprof", library.Path, "github.com/tedsuo/ifrit"}
)

func TestZip(t *testing.T) {
	_, zipped := publish(t)
	t.Logf("the zip has %d bytes", len(zipped))
	if len(zipped) > 1<<20 {
		t.Error("that is not small")
	}
	archive, err := zip.NewReader(bytes.NewReader(zipped), int64(len(zipped)))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	folders := map[string]bool{}
	for _, file := range archive.File {
		name := strings.TrimPrefix(file.Name, library.Path+"@"+library.Version+"/")
		names = append(names, name)
		if folder, _, below := strings.Cut(name, "/"); below {
			folders[folder] = true
		}
	}
	for _, name := range []string{"LICENSE", "README.md", "doc.go", "go.mod", "docs/contract.md"} {
		if !slices.Contains(names, name) {
			t.Errorf("the zip has no %s", name)
		}
	}
	// All else is in modules of its own.
	if got := slices.Sorted(maps.Keys(folders)); !slices.Equal(got, []string{".ci", ".github", "docs", "fakes", "groupertest", "health", "runners", "service"}) {
		t.Errorf("the zip has the folders %v", got)
	}
}

func TestGoGet(t *testing.T) {
	u := newUser(t)
	u.run("go", "get", library.Path)
	u.saveFirstExample()
	u.run("go", "mod", "tidy")
	u.buildsAndRuns()
}

// TestGroupsAlone imports package grouper and nothing else.
func TestGroupsAlone(t *testing.T) {
	u := newUser(t)
	u.run("go", "get", library.Path)
	writeFile(t, u.path("main.go"), []byte(`package main

import "github.com/seed-3b777528/grouper"

func main() { println(grouper.NewParallel(nil, nil) != nil) }
`))
	u.run("go", "build", "-o", "try")
	u.wantCompiledIn(withGroups)
}

// TestReadme follows the README's first example, and builds and runs it.
func TestReadme(t *testing.T) {
	u := newUser(t)
	u.saveFirstExample()
	u.run("go", "mod", "tidy")
	u.run("go", "vet", ".")
	u.buildsAndRuns()
	u.wantRequired()

	graph := u.run("go", "mod", "graph")
	for _, framework := range []string{"github.com/onsi/ginkgo/v2", "github.com/onsi/gomega"} {
		if !strings.Contains(graph, library.String()+" "+framework+"@") {
			u.Errorf("the module does not require %s, so that it shows little that this is not compiled in", framework)
		}
	}
}

func (u *user) buildsAndRuns() {
	u.Helper()
	u.run("go", "build", "-o", "try")
	u.wantCompiledIn(withService)
	lines := u.interruptWhenReady("./try")
	var exits []string
	for _, line := range lines {
		if _, exit, found := strings.Cut(line, "member exited member="); found {
			member, _, _ := strings.Cut(exit, " ")
			exits = append(exits, member)
		}
	}
	if !slices.Equal(exits, []string{"api", "worker", "store"}) {
		u.Errorf("the first example said:\n%s", strings.Join(lines, "\n"))
	}
}

// wantCompiledIn looks at what is compiled in, as the go command lists it, and
// as it is written in the program.
func (u *user) wantCompiledIn(want []string) {
	u.Helper()
	modules := map[string]bool{}
	for path := range strings.FieldsSeq(u.run("go", "list", "-deps", "-f", "{{with .Module}}{{.Path}}{{end}}", ".")) {
		modules[path] = true
	}
	delete(modules, "try")
	if got := slices.Sorted(maps.Keys(modules)); !slices.Equal(got, want) {
		u.Errorf("packages are compiled in of %v", got)
	}

	info, err := buildinfo.ReadFile(u.path("try"))
	if err != nil {
		u.Fatal(err)
	}
	var written []string
	for _, dependency := range info.Deps {
		written = append(written, dependency.Path)
		if dependency.Path == library.Path && dependency.Version != library.Version {
			u.Errorf("the program holds %s", dependency.Version)
		}
	}
	if !slices.Equal(written, want) {
		u.Errorf("the program holds %v", written)
	}
}

// wantRequired looks at the go.mod that the user is left with.
func (u *user) wantRequired() {
	u.Helper()
	content, err := os.ReadFile(u.path("go.mod"))
	if err != nil {
		u.Fatal(err)
	}
	parsed, err := modfile.Parse("go.mod", content, nil)
	if err != nil {
		u.Fatal(err)
	}
	var required []string
	for _, require := range parsed.Require {
		required = append(required, require.Mod.Path)
	}
	if !slices.Equal(slices.Sorted(slices.Values(required)), withService) {
		u.Errorf("the user's go.mod requires %v", required)
	}
}

// interruptWhenReady runs a program until it says that it is ready, sends it
// SIGINT, and returns all that it has said.
func (u *user) interruptWhenReady(program string) (lines []string) {
	u.Helper()
	command := u.command(program)
	stdout, err := command.StdoutPipe()
	if err != nil {
		u.Fatal(err)
	}
	command.Stderr = command.Stdout
	if err := command.Start(); err != nil {
		u.Fatal(err)
	}
	for scanner := bufio.NewScanner(stdout); scanner.Scan(); {
		lines = append(lines, scanner.Text())
		if strings.Contains(scanner.Text(), "service ready") {
			command.Process.Signal(os.Interrupt)
		}
	}
	if err := command.Wait(); err != nil {
		u.Errorf("the program ended with %v", err)
	}
	return lines
}
