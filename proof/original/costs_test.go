package original

import (
	"runtime"
	"testing"
	"testing/synctest"

	"github.com/seed-3b777528/grouper/proof/libraries"
	"github.com/tedsuo/ifrit"
)

var ofCosts = []difference{{
	rule: "M1", name: "a Wait costs no goroutine",
	scenario: func(t *testing.T, library libraries.Library) {
		members, runners := members(1)
		dynamic, client := library.Dynamic(nil, 0, 0)
		start(dynamic)
		client.Insert(members[0], nil)
		ready(runners[0])
		process, _ := client.Get("a")
		before := runtime.NumGoroutine()
		for range 1000 {
			process.Wait()
		}
		synctest.Wait()
		wantFewerMore(t, before, 1000)
		client.Close()
		exit(runners[0], nil)
	},
	symptom: "goroutines more",
}, {
	rule: "M1", name: "a parallel group of N members costs fewer than 3N goroutines",
	scenario: func(t *testing.T, library libraries.Library) {
		const n = 100
		wantFewerForGroup(t, 3*n, library.Parallel(terminate, copies(n, untilSignaled)))
	},
	symptom: "goroutines more",
}, {
	rule: "M1", name: "an ordered group of N members costs fewer than half of N² goroutines",
	scenario: func(t *testing.T, library libraries.Library) {
		const n = 100
		wantFewerForGroup(t, n*n/2, library.Ordered(terminate, copies(n, untilSignaled)))
	},
	symptom: "goroutines more",
}, {
	rule: "M1", name: "a parallel group runs more than 32,767 members",
	scenario: func(t *testing.T, library libraries.Library) {
		group := start(library.Parallel(terminate, copies(32_768, untilSignaled)))
		group.wantReady(t)
		group.signal(interrupt)
		group.wantExited(t)
	},
	symptom: "panic: reflect.Select: too many cases",
}}

// wantFewerForGroup runs a group, and counts when it is ready.
func wantFewerForGroup(t *testing.T, limit int, runner ifrit.Runner) {
	t.Helper()
	before := runtime.NumGoroutine()
	group := start(runner)
	group.wantReady(t)
	wantFewerMore(t, before, limit)
	group.signal(interrupt)
	group.wantExited(t)
}

func wantFewerMore(t *testing.T, before, limit int) {
	t.Helper()
	if more := runtime.NumGoroutine() - before; more >= limit {
		t.Fatalf("there are %d goroutines more", more)
	}
}
