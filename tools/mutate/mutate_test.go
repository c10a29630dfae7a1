package main

import (
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

const source = `package limit

import (
	"errors"
	"sync"
)

var errNone = errors.New("none")

type counter struct {
	mu sync.Mutex
	n  int
}

func (c *counter) below(limit int) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n++
	if c.n < limit && limit > 0 {
		return true
	}
	return false
}
`

// specs look at some of what the code does.
const specs = `package limit

import "testing"

func TestBelow(t *testing.T) {
	var c counter
	if !c.below(2) || c.below(2) || c.n != 2 || errNone.Error() != "none" {
		t.Fail()
	}
}
`

// enter makes a module of its own, and goes there.
func enter(t *testing.T, source string) {
	t.Chdir(t.TempDir())
	for name, text := range map[string]string{
		"go.mod": "module limit\n", "limit.go": source, "limit_test.go": specs,
	} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func mutants(t *testing.T) *breeder {
	b, err := breed()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestMutants(t *testing.T) {
	enter(t, source)
	var changes []string
	for _, m := range mutants(t).found {
		changes = append(changes, m.removed+" => "+m.added)
	}
	const condition = "if c.n < limit && limit > 0 {"
	want := []string{
		`var errNone = errors.New("none") => var errNone = errors.New("")`,
		"c.mu.Lock() defer c.mu.Unlock() => ",
		"c.n++ => ",
		"c.n++ => c.n--",
		condition + " => if false {",
		condition + " => if true {",
		condition + " => if c.n < limit || limit > 0 {",
		condition + " => if true && limit > 0 {",
		condition + " => if c.n < limit && true {",
		condition + " => if c.n <= limit && limit > 0 {",
		condition + " => if c.n >= limit && limit > 0 {",
		condition + " => if c.n < limit && limit >= 0 {",
		condition + " => if c.n < limit && limit <= 0 {",
		condition + " => if c.n < limit && limit > 1 {",
		condition + " => if c.n < limit && limit > -1 {",
		"return true => ",
		"return true => return false",
		"return false => return true",
	}
	slices.Sort(changes)
	slices.Sort(want)
	if !slices.Equal(changes, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(changes, "\n"), strings.Join(want, "\n"))
	}
}

func TestIdentifiersDoNotDependOnThePlace(t *testing.T) {
	enter(t, source)
	before := mutants(t).found
	enter(t, strings.Replace(source, "type counter", "\n// Another line.\ntype counter", 1))
	after := mutants(t).found
	seen := make(map[string]bool)
	for i := range before {
		if before[i].id != after[i].id {
			t.Errorf("%s became %s", before[i], after[i])
		}
		if seen[before[i].id] {
			t.Errorf("twice: %s", before[i])
		}
		seen[before[i].id] = true
	}
}

func TestVerdicts(t *testing.T) {
	enter(t, source)
	b := mutants(t)
	tests = []*test{{folder: "."}}
	const condition = "if c.n < limit && limit > 0 {"
	for change, want := range map[string]verdict{
		"return true => return false":                                      killed,
		condition + " => if c.n < limit && true {":                         survived,
		condition + " => if true && limit > 0 {":                           killed,
		"c.mu.Lock() defer c.mu.Unlock() => ":                              survived,
		`var errNone = errors.New("none") => var errNone = errors.New("")`: killed,
	} {
		i := slices.IndexFunc(b.found, func(m mutant) bool { return m.removed+" => "+m.added == change })
		verdicts, err := run(t.Context(), b, b.found[i:i+1], nil, 1, 1)
		if err != nil {
			t.Fatal(err)
		}
		if verdicts[0] != want {
			t.Errorf("%s: %s, want %s", b.found[i], verdicts[0], want)
		}
	}
}

func TestFunctionsWithParametersThatHaveNoName(t *testing.T) {
	enter(t, strings.ReplaceAll(source, "below(limit int) bool {", "below(_ int) bool { return c.next(1, 2) }\n\nfunc (c *counter) next(int, ...int) bool {\n\tconst limit = 2"))
	b := mutants(t)
	tests = []*test{{folder: "."}}
	i := slices.IndexFunc(b.found, func(m mutant) bool { return m.function == "counter.next" && m.removed == "c.n++" })
	verdicts, err := run(t.Context(), b, b.found[i:i+1], nil, 1, 1)
	if err != nil {
		t.Fatal(err)
	}
	if verdicts[0] != killed {
		t.Errorf("%s: %s", b.found[i], verdicts[0])
	}
}

func TestLateOnesEnd(t *testing.T) {
	enter(t, source)
	sleeper := &test{folder: ".", program: "sleep", arguments: []string{"1000"}, patience: time.Millisecond}
	if got, _ := judge(t.Context(), []*test{sleeper}, mutant{}); got != timedOut {
		t.Error(got)
	}
}

func TestReport(t *testing.T) {
	found := []mutant{{id: "one"}, {id: "other"}}
	for _, c := range []struct {
		verdicts   []verdict
		equivalent map[string]bool
		want       bool
	}{
		{[]verdict{killed, timedOut}, nil, true},
		{[]verdict{killed, survived}, nil, false},
		{[]verdict{killed, survived}, map[string]bool{"other": true}, true},
		{[]verdict{killed, killed}, map[string]bool{"other": true}, false},
		{[]verdict{killed, killed}, map[string]bool{"gone": true}, false},
	} {
		if got := report(found, c.verdicts, c.equivalent, true); got != c.want {
			t.Errorf("%v with %v: %v", c.verdicts, c.equivalent, got)
		}
	}
}

func TestTheListIsRead(t *testing.T) {
	t.Chdir("../..")
	if ids, err := listed(equivalents); err != nil || len(ids) == 0 {
		t.Errorf("%d mutants are listed, %v", len(ids), err)
	}
}
