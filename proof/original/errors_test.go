package original

import (
	"errors"
	"strings"
	"testing"

	"github.com/seed-3b777528/grouper"
	"github.com/seed-3b777528/grouper/proof/libraries"
)

var ofErrors = []difference{{
	rule: "E1", name: "the text of ErrDuplicateNames has every name",
	scenario: func(t *testing.T, library libraries.Library) {
		_, err := library.Validate(named("api", "store", "api", "store"))
		for _, name := range []string{"api", "store"} {
			if !strings.Contains(err.Error(), name) {
				t.Fatalf("%q does not name %s", err, name)
			}
		}
	},
	symptom: "does not name api",
}, {
	rule: "E1", name: "a name that occurs three times is listed once",
	scenario: func(t *testing.T, library libraries.Library) {
		if names, _ := library.Validate(named("a", "a", "a")); len(names) != 1 {
			t.Fatalf("the names are %q", names)
		}
	},
	symptom: `the names are ["a" "a"]`,
}, {
	rule: "E2", name: "errors.Is sees through the trace",
	scenario: func(t *testing.T, library libraries.Library) {
		members, runners := members(1)
		group := start(library.Parallel(nil, members))
		exit(runners[0], errBoom)
		if !errors.Is(group.err, errBoom) {
			t.Fatalf("errors.Is does not find the error in %q", group.err)
		}
	},
	symptom: "errors.Is does not find the error",
}, {
	rule: "S1", name: "an ordered group lists the exits in the order in which they happened",
	scenario: func(t *testing.T, library libraries.Library) {
		members, runners := members(3)
		group := start(library.Ordered(nil, members))
		ready(runners...)
		group.signal(interrupt)
		exit(runners[0], errBoom)
		exit(runners[2], nil)
		exit(runners[1], nil)
		wantTrace(t, library, group.err, "a: boom", "c", "b")
	},
	symptom: `the trace is ["c" "b" "a: boom"], want ["a: boom" "c" "b"]`,
}}

// named returns members without runners.
func named(names ...string) (members grouper.Members) {
	for _, name := range names {
		members = append(members, grouper.Member{Name: name})
	}
	return members
}
