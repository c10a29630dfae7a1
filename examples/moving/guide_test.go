//go:build unix

package moving

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const root = "../.."

var (
	codeBlock = regexp.MustCompile("(?s)```go\n(.*?\n)```\n")
	linked    = regexp.MustCompile("(?s)\\]\\(\\.\\./([^)]+)\\):\n\n```go\n(.*?\n)```\n")
	shBlock   = regexp.MustCompile("(?s)```sh\n.*?\n```\n")
	testName  = regexp.MustCompile("`(Test\\w+)`")
	ruleRow   = regexp.MustCompile(`(?m)^\| ([A-Z]\d+(?:, [A-Z]\d+)*) \|.*\|$`)
)

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, path))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// The code in the guide is that which the tests run.
func TestTheGuidesCodeIsThatOfTheFiles(t *testing.T) {
	guide, shown := read(t, "docs/moving.md"), map[string]bool{}
	blocks := linked.FindAllStringSubmatch(guide, -1)
	if all := codeBlock.FindAllString(guide, -1); len(all) != len(blocks) {
		t.Errorf("%d of %d blocks of code say which file they are from", len(blocks), len(all))
	}
	for _, block := range blocks {
		path, code := block[1], block[2]
		shown[path] = true
		file := read(t, path)
		if !strings.Contains(file, "\n"+code) {
			t.Errorf("this is not in %s:\n%s", path, code)
		}
		if strings.HasPrefix(code, "func main()") && !strings.HasSuffix(file, "\n"+code) {
			t.Errorf("%s goes on after this:\n%s", path, code)
		}
	}
	for _, program := range append([]string{"suture"}, ordered...) {
		if path := "examples/moving/" + program + "/main.go"; !shown[path] {
			t.Errorf("%s is not shown", path)
		}
	}
}

func TestTheGuidesCommandIsThatOfTheREADME(t *testing.T) {
	commands := shBlock.FindAllString(read(t, "docs/moving.md"), -1)
	if len(commands) != 1 || !strings.Contains(read(t, "README.md"), commands[0]) {
		t.Errorf("%q", commands)
	}
}

// The differences that the README and the guide leave out are a link away.
func TestTheDifferencesAreOneTable(t *testing.T) {
	rows := ruleRow.FindAllStringSubmatch(read(t, "docs/differences.md"), -1)
	if len(rows) == 0 {
		t.Fatal("no table")
	}
	var rules []string
	for _, row := range rows {
		if cells := strings.Count(row[0], " | "); cells != 3 {
			t.Errorf("the row of %s has %d cells, not 4", row[1], cells+1)
		}
		rules = append(rules, row[1])
	}
	for page, link := range map[string]string{
		"README.md":        "](docs/differences.md)",
		"docs/README.md":   "](differences.md)",
		"docs/contract.md": "](differences.md)",
		"docs/moving.md":   "](differences.md)",
	} {
		text := read(t, page)
		if !strings.Contains(text, link) {
			t.Errorf("%s does not lead to the table", page)
		}
		if again := ruleRow.FindString(text); again != "" {
			t.Errorf("%s has a table of its own: %s", page, again)
		}
	}
	_, short, _ := strings.Cut(read(t, "README.md"), "## What is different\n")
	short, _, _ = strings.Cut(short, "\n## ")
	for _, rule := range regexp.MustCompile(`[A-Z]\d+`).FindAllString(short, -1) {
		if !slices.ContainsFunc(rules, func(row string) bool { return slices.Contains(strings.Split(row, ", "), rule) }) {
			t.Errorf("%s is not in the table", rule)
		}
	}
}

// A test that the guide names is there, and each one of the service is named.
func TestTheGuidesTestsExist(t *testing.T) {
	guide, tests := read(t, "docs/moving.md"), ""
	for _, file := range []string{"service_test.go", "library_test.go", "deadline_test.go"} {
		tests += read(t, "examples/moving/"+file)
	}
	for _, name := range testName.FindAllStringSubmatch(guide, -1) {
		if !strings.Contains(tests, "func "+name[1]+"(") {
			t.Errorf("there is no %s", name[1])
		}
	}
	for _, name := range regexp.MustCompile(`func (Test\w+)`).FindAllStringSubmatch(read(t, "examples/moving/service_test.go"), -1) {
		if !strings.Contains(guide, "`"+name[1]+"`") {
			t.Errorf("the guide does not name %s", name[1])
		}
	}
}
