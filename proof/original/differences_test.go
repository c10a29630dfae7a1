package original

import (
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/seed-3b777528/grouper/proof/libraries"
)

// A difference is a rule that the original does not keep.
type difference struct {
	rule, name string

	// scenario runs in a bubble of testing/synctest, and fails if the library
	// breaks the rule.
	scenario func(t *testing.T, library libraries.Library)

	// symptom is in what the original's run prints.
	symptom string

	// times is how often to run the scenario, if not once: the original breaks
	// some rules only sometimes.
	times int
}

// deadlock is what testing/synctest says about a bubble that is stuck.
const deadlock = "panic: deadlock: "

func (d difference) run(t *testing.T, library libraries.Library) {
	for range max(1, d.times) {
		synctest.Test(t, func(t *testing.T) { d.scenario(t, library) })
	}
}

var differences = slices.Concat(ofStaticGroups, ofDynamicGroups, ofClients, ofErrors, ofCosts)

// child is set in the processes that run a scenario on the original.
const child = "GROUPER_PROOF_ORIGINAL"

func TestDifferences(t *testing.T) {
	for _, d := range differences {
		t.Run(d.rule+": "+d.name, func(t *testing.T) {
			if os.Getenv(child) != "" {
				d.run(t, libraries.Original)
				return
			}
			d.run(t, libraries.Ours)
			output, err := inChild(t).CombinedOutput()
			if err == nil {
				t.Error("the original keeps the rule")
			} else if !strings.Contains(string(output), d.symptom) {
				t.Errorf("the original does not show the symptom %q, but\n%s", d.symptom, output)
			}
		})
	}
}

// inChild is the same test, on the original.
func inChild(t *testing.T) *exec.Cmd {
	name := strings.ReplaceAll(regexp.QuoteMeta(t.Name()), "/", "$/^")
	command := exec.Command(os.Args[0], "-test.v", "-test.timeout=5m", "-test.run=^"+name+"$")
	command.Env = append(os.Environ(), child+"=1")
	return command
}

// TestTable holds the table in docs/differences.md and the differences to one
// another.
func TestTable(t *testing.T) {
	page, err := os.ReadFile("../../docs/differences.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, found := strings.Cut(string(page), "\n| --- | --- | --- | --- |\n")
	if !found {
		t.Fatal("the page has no table")
	}
	var listed, shown []string
	table, _, _ = strings.Cut(table, "\n\n")
	for row := range strings.Lines(table) {
		listed = append(listed, strings.Split(strings.Split(row, " | ")[0][len("| "):], ", ")...)
	}
	for _, d := range differences {
		shown = append(shown, strings.Split(d.rule, ", ")...)
	}
	if listed, shown := unique(listed), unique(shown); !slices.Equal(listed, shown) {
		t.Errorf("the table has the rules %v, and the differences are of %v", listed, shown)
	}
}

func unique(rules []string) []string { return slices.Compact(slices.Sorted(slices.Values(rules))) }
