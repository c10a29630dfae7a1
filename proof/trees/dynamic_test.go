package trees

import (
	"os"
	"slices"
	"sync"
	"time"

	"github.com/seed-3b777528/grouper"
	"github.com/tedsuo/ifrit"
)

// A user uses a dynamic group from outside while the group runs.
type user struct {
	*node
	inserts     []grouper.Member
	pauses      []time.Duration // before each insert, and before listening
	closesAfter time.Duration   // the last insert; 0 is never
	reads       int             // events, before it stops reading
}

// newDynamic returns a group whose runs are checked. Each is one of a new group
// (D10), and returns the members' exits as a static group does.
func (n *node) newDynamic(members grouper.Members) ifrit.Runner {
	u := user{node: n, reads: n.IntN(10), pauses: []time.Duration{5 * n.moment()}}
	for _, member := range members {
		u.inserts = append(u.inserts, member)
		if n.oneIn(20) { // D3
			u.inserts = append(u.inserts, members[n.IntN(len(members))])
		}
	}
	for range u.inserts {
		u.pauses = append(u.pauses, n.moment())
	}
	if n.oneIn(2) {
		u.closesAfter = 10 * n.moment()
	}
	capacity, history := n.IntN(4), n.IntN(4)
	return ifrit.RunFunc(func(signals <-chan os.Signal, ready chan<- struct{}) error {
		group := grouper.NewDynamic(n.termination, capacity, history)
		n.client = group.Client()
		n.beginRun()
		trace := u.use(func() {
			if err := group.Run(signals, ready); err != nil {
				n.Errorf("%s returned %v", n.name, err)
			}
			n.endRun()
			if group.Run(nil, nil) == nil {
				n.Errorf("%s ran again", n.name)
			}
		})
		n.checkExits(trace, true)
		return trace.ErrorOrNil()
	})
}

// use returns the exits of the members that were started. One of its listeners
// is not read until the group has exited. Another one is made late, and after
// some events not read any more until then (L5).
func (u user) use(run func()) (trace grouper.ErrorTrace) {
	entrances, exits := u.client.EntranceListener(), u.client.ExitListener()
	var late <-chan grouper.ExitEvent
	var latest []grouper.ExitEvent
	var calls sync.WaitGroup
	calls.Go(u.insert)
	calls.Go(func() {
		time.Sleep(u.pauses[0])
		late = u.client.ExitListener()
		latest = read(late, u.reads)
	})
	run()
	calls.Wait()
	for _, member := range u.inserts {
		if _, found := u.client.Get(member.Name); found {
			u.Errorf("%s was found after its group had exited", member.Name) // D4
		}
	}

	all := read(exits, -1)
	latest = append(latest, read(late, -1)...)
	if want := all[max(0, len(all)-len(latest)):]; !slices.Equal(names(latest), names(want)) { // L1, L2
		u.Errorf("%s: late listener got %v, and the early one %v", u.name, names(latest), names(all))
	}
	for _, exit := range all {
		refusal, refused := exit.Err.(grouper.ErrDuplicateNames)
		if !refused || refusal.DuplicateNames[0] != exit.Member.Name {
			trace = append(trace, exit)
		}
	}
	u.checkEntrances(read(entrances, -1), trace, len(all))
	return trace
}

func (u user) insert() {
	for i, member := range u.inserts {
		time.Sleep(u.pauses[i+1])
		select {
		case u.client.Inserter() <- member:
			u.isInserted()
		case <-u.client.CloseNotifier():
		}
	}
	if u.closesAfter > 0 {
		time.Sleep(u.closesAfter)
		u.client.Close()
	}
}

// read reads n events, or with -1 all until the listener is closed (L3).
func read[E any](listener <-chan E, n int) (events []E) {
	for ; n != 0; n-- {
		event, open := <-listener
		if !open {
			break
		}
		events = append(events, event)
	}
	return events
}

func names(exits []grouper.ExitEvent) (names []string) {
	for _, exit := range exits {
		names = append(names, exit.Member.Name)
	}
	return names
}
