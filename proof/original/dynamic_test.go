package original

import (
	"testing"
	"testing/synctest"

	"github.com/seed-3b777528/grouper"
	"github.com/seed-3b777528/grouper/proof/libraries"
)

var ofDynamicGroups = []difference{{
	rule: "D1", name: "at a capacity of 1 a dynamic group outlives its first member",
	scenario: func(t *testing.T, library libraries.Library) {
		members, runners := members(1)
		dynamic, client := library.Dynamic(nil, 1, 0)
		group := start(dynamic)
		client.Insert(members[0], nil)
		exit(runners[0], nil)
		group.wantRunning(t)
		client.Close()
	},
	symptom: "the group has exited",
}, {
	rule: "D7", name: "no insert is accepted after the signal was propagated",
	scenario: func(t *testing.T, library libraries.Library) {
		members, runners := members(1)
		dynamic, client := library.Dynamic(nil, 0, 0)
		group := start(dynamic)
		group.signals <- interrupt
		offer(client, members[0]).wantWaiting(t)
		if runners[0].Running() {
			exit(runners[0], nil)
		}
	},
	symptom: "an insert was accepted",
	times:   1000,
}, {
	rule: "G10, L2", name: "a listener that is not read keeps no signal from the members",
	scenario: func(t *testing.T, library libraries.Library) {
		members, runners := members(1)
		dynamic, client := library.Dynamic(nil, 0, 0)
		read := listen(client)
		group := start(dynamic)
		client.Insert(members[0], nil)
		ready(runners[0])
		group.signal(interrupt)
		wantSignals(t, runners[0], interrupt)
		exit(runners[0], nil)
		group.wantExited(t)
		read()
	},
	symptom: deadlock,
}, {
	rule: "D3", name: "a name that is in use is refused",
	scenario: func(t *testing.T, library libraries.Library) {
		members, runners := members(2)
		members[1].Name = "a"
		dynamic, client := library.Dynamic(nil, 0, 0)
		start(dynamic)
		client.Insert(members[0], nil)
		client.Insert(members[1], nil)
		synctest.Wait()
		if !runners[0].Running() || runners[1].Running() {
			t.Fatal("other members run than the first one")
		}
		client.Close()
		exit(runners[0], nil)
	},
	symptom: "panic: member inserted twice",
}, {
	rule: "G1", name: "a nil runner in a dynamic group is an exit",
	scenario: func(t *testing.T, library libraries.Library) {
		dynamic, client := library.Dynamic(nil, 0, 0)
		group := start(dynamic)
		client.Insert(grouper.Member{Name: "nobody"}, nil)
		synctest.Wait()
		client.Close()
		synctest.Wait()
		group.wantExited(t)
	},
	symptom: "panic: runtime error: invalid memory address or nil pointer dereference",
}, {
	rule: "D10", name: "a second run of a closed group is refused",
	scenario: func(t *testing.T, library libraries.Library) {
		dynamic, client := library.Dynamic(nil, 0, 0)
		group := start(dynamic)
		client.Close()
		synctest.Wait()
		group.wantExited(t)
		if start(dynamic).err == nil {
			t.Fatal("the second run returned no error")
		}
	},
	symptom: "panic: close of closed channel",
}, {
	rule: "G3", name: "a nil signal does not shut a dynamic group down",
	scenario: func(t *testing.T, library libraries.Library) {
		dynamic, client := library.Dynamic(nil, 0, 0)
		group := start(dynamic)
		group.signal(nil)
		group.wantRunning(t)
		client.Close()
	},
	symptom: "the group has exited",
}}

// An insertion is an insert that may have to wait.
type insertion struct {
	accepted bool
	cancel   chan struct{}
}

func offer(client libraries.Client, member grouper.Member) *insertion {
	i := &insertion{cancel: make(chan struct{})}
	go func() { i.accepted = client.Insert(member, i.cancel) }()
	synctest.Wait()
	return i
}

// wantWaiting also ends the insertion.
func (i *insertion) wantWaiting(t *testing.T) {
	t.Helper()
	if i.accepted {
		t.Fatal("an insert was accepted")
	}
	close(i.cancel)
}

// listen attaches a listener of each kind, which read reads to their ends.
func listen(client libraries.Client) (read func()) {
	entrances, exits := client.Entrances(), client.Exits()
	return func() {
		go drain(entrances)
		drain(exits)
	}
}

func drain[Event any](listener libraries.Listener[Event]) {
	for open := true; open; _, open = listener.Next() {
	}
}
