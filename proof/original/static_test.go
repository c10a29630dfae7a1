package original

import (
	"os"
	"runtime"
	"testing"

	"github.com/seed-3b777528/grouper"
	"github.com/seed-3b777528/grouper/proof/libraries"
	"github.com/tedsuo/ifrit"
)

var ofStaticGroups = []difference{{
	rule: "G6", name: "after a second signal a parallel group waits for all members, and returns their errors",
	scenario: func(t *testing.T, library libraries.Library) {
		members, runners := members(2)
		group := start(library.Parallel(nil, members))
		group.signal(interrupt, terminate)
		exit(runners[0], nil)
		group.wantRunning(t)
		exit(runners[1], errBoom)
		wantTrace(t, library, group.err, "a", "b: boom")
	},
	symptom: "the group has exited",
}, {
	rule: "G6", name: "a parallel group passes on its third signal",
	scenario: func(t *testing.T, library libraries.Library) {
		members, runners := members(1)
		group := start(library.Parallel(nil, members))
		group.signal(interrupt, terminate, hangUp)
		if got := len(runners[0].Signals()); got != 3 {
			t.Fatalf("the member got %d signals", got)
		}
		exit(runners[0], nil)
	},
	symptom: deadlock,
}, {
	rule: "S3", name: "a parallel group without members becomes ready",
	scenario: func(t *testing.T, library libraries.Library) {
		group := start(library.Parallel(nil, nil))
		group.wantReady(t)
		group.signal(interrupt)
	},
	symptom: "the group is not ready",
}, {
	rule: "G5", name: "without a termination signal, members get no signal",
	scenario: func(t *testing.T, library libraries.Library) {
		members, runners := members(2)
		start(library.Parallel(nil, members))
		exit(runners[0], nil)
		wantSignals(t, runners[1])
		exit(runners[1], nil)
	},
	symptom: "the member got the signals [<nil>], want []",
}, {
	rule: "G5", name: "without a termination signal, a nested group does not panic",
	scenario: func(t *testing.T, library libraries.Library) {
		members, runners := members(2)
		members[1].Runner = library.Ordered(nil, grouper.Members{members[1]})
		start(library.Parallel(nil, members))
		exit(runners[0], nil)
		if !runners[1].Running() {
			t.Fatal("the member in the nested group has exited")
		}
		exit(runners[1], nil)
	},
	symptom: "panic: interface conversion: ",
}, {
	rule: "G3", name: "a nil signal does not make a static group panic",
	scenario: func(t *testing.T, library libraries.Library) {
		members, runners := members(1)
		group := start(library.Ordered(nil, members))
		group.signal(nil)
		group.wantRunning(t)
		exit(runners[0], nil)
	},
	symptom: "panic: interface conversion: ",
}, {
	rule: "G8", name: "after runtime.Goexit in a member the group exits",
	scenario: func(t *testing.T, library libraries.Library) {
		quitter := ifrit.RunFunc(func(<-chan os.Signal, chan<- struct{}) error {
			runtime.Goexit()
			return nil
		})
		group := start(library.Parallel(terminate, grouper.Members{{Name: "quitter", Runner: quitter}}))
		group.wantExited(t)
		if group.err == nil {
			t.Fatal("the exit is no error")
		}
	},
	symptom: "the group has not exited",
}, {
	rule: "G1", name: "a nil runner in a static group is an error of the member",
	scenario: func(t *testing.T, library libraries.Library) {
		for _, newGroup := range []func(os.Signal, grouper.Members) ifrit.Runner{library.Parallel, library.Ordered} {
			group := start(newGroup(nil, grouper.Members{{Name: "nobody"}}))
			group.wantExited(t)
			if group.err == nil {
				t.Fatal("the exit is no error")
			}
		}
	},
	symptom: "panic: runtime error: invalid memory address or nil pointer dereference",
}, {
	rule: "S2", name: "an ordered group that is run again goes on",
	scenario: func(t *testing.T, library libraries.Library) {
		members, runners := members(1)
		group := library.Ordered(nil, members)
		start(group)
		exit(runners[0], nil)
		again := start(group)
		again.wantRunning(t)
		ready(runners[0])
		again.wantReady(t)
		again.signal(interrupt)
		wantSignals(t, runners[0], interrupt)
		exit(runners[0], nil)
		again.wantExited(t)
	},
	symptom: "the group has exited",
}, {
	rule: "S2", name: "an ordered group that is run again does not signal its members",
	scenario: func(t *testing.T, library libraries.Library) {
		members, runners := members(2)
		signaled, leave := 0, make(chan struct{})
		members[0].Runner = ifrit.RunFunc(func(signals <-chan os.Signal, ready chan<- struct{}) error {
			close(ready)
			select {
			case <-signals:
				signaled++
			case <-leave:
			}
			return nil
		})
		group := library.Ordered(terminate, members)
		first := start(group)
		ready(runners[1])
		first.signal(interrupt)
		exit(runners[1], nil)
		start(group)
		if signaled > 1 {
			t.Fatal("a member was signaled in the second run")
		}
		close(leave)
		if runners[1].Running() {
			exit(runners[1], nil)
		}
	},
	symptom: "a member was signaled in the second run",
	times:   100,
}}
