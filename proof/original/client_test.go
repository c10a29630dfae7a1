package original

import (
	"testing"
	"testing/synctest"

	"github.com/seed-3b777528/grouper/proof/libraries"
)

var ofClients = []difference{{
	rule: "D4", name: "before the group runs, Get answers at once",
	scenario: func(t *testing.T, library libraries.Library) {
		_, client := library.Dynamic(nil, 0, 0)
		if _, found := client.Get("early"); found {
			t.Fatal("a member was found")
		}
	},
	symptom: deadlock,
}, {
	rule: "D6", name: "no insert is accepted after Close has returned",
	scenario: func(t *testing.T, library libraries.Library) {
		members, runners := members(2)
		dynamic, client := library.Dynamic(nil, 0, 0)
		// The original's loop must not wait for an insert or for Close when
		// Close is called. A listener that is not read holds it up.
		read := listen(client)
		start(dynamic)
		client.Insert(members[0], nil)
		ready(runners[0])
		client.Close()
		late := offer(client, members[1])
		go read()
		synctest.Wait()
		late.wantWaiting(t)
		exit(runners[0], nil)
	},
	symptom: "an insert was accepted",
	times:   100,
}, {
	rule: "L3", name: "a group that is closed before it runs closes its entrance listeners",
	scenario: func(t *testing.T, library libraries.Library) {
		_, client := library.Dynamic(nil, 0, 0)
		entrances, closed := client.Entrances(), false
		go func() {
			drain(entrances)
			closed = true
		}()
		client.Close()
		synctest.Wait()
		if !closed {
			t.Fatal("the entrance listener is open")
		}
	},
	symptom: "the entrance listener is open",
}, {
	rule: "M2", name: "signals to a member keep their order",
	scenario: func(t *testing.T, library libraries.Library) {
		members, runners := members(1)
		dynamic, client := library.Dynamic(nil, 0, 0)
		start(dynamic)
		client.Insert(members[0], nil)
		process, _ := client.Get("a")
		for _, signal := range numberedUpTo(20) {
			process.Signal(signal)
		}
		synctest.Wait()
		wantSignals(t, runners[0], numberedUpTo(20)...)
		client.Close()
		exit(runners[0], nil)
	},
	symptom: "the member got the signals [",
	times:   100,
}}
