package original

import (
	"testing"
	"testing/synctest"

	"github.com/seed-3b777528/grouper"
	"github.com/seed-3b777528/grouper/proof/libraries"
)

// TestMixedTree has groups of both packages in one tree: a code base may move
// bit by bit.
func TestMixedTree(t *testing.T) {
	for name, libs := range map[string]struct{ outer, inner libraries.Library }{
		"ours outside": {libraries.Ours, libraries.Original},
		"ours inside":  {libraries.Original, libraries.Ours},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				members, runners := members(2)
				inner := libs.inner.Ordered(terminate, members[1:])
				group := start(libs.outer.Parallel(terminate, grouper.Members{members[0], {Name: "inner", Runner: inner}}))
				ready(runners...)
				group.wantReady(t)
				group.signal(interrupt)
				wantSignals(t, runners[1], interrupt)
				exit(runners[1], errBoom)
				exit(runners[0], nil)
				trace, _ := libs.outer.Trace(group.err)
				if len(trace) != 2 || trace[0].Member.Name != "inner" {
					t.Fatalf("the outer group returned %v", group.err)
				}
				wantTrace(t, libs.inner, trace[0].Err, "b: boom")
			})
		})
	}
}
