package trees

import (
	"os"
	"slices"
	"sync"
	"time"

	"github.com/seed-3b777528/grouper"
	"github.com/tedsuo/ifrit"
)

// A visitor uses a dynamic group from outside while the group runs.
type visitor struct {
	*node
	inserts []grouper.Member
	pauses  []time.Duration // before each insert, and before listening
	lingers time.Duration   // before it closes the group; 0 is for ever
	reads   int             // events, before it stops reading
}

// newDynamic gives a group whose runs are checked. Each is one of a new group
// (D10), and returns the members' exits as a static group does.
func (n *node) newDynamic(members grouper.Members) ifrit.Runner {
	v := visitor{node: n, reads: n.IntN(10), pauses: []time.Duration{5 * n.moment()}}
	for _, member := range members {
		v.inserts = append(v.inserts, member)
		if n.oneIn(20) { // D3
			v.inserts = append(v.inserts, members[n.IntN(len(members))])
		}
	}
	for range v.inserts {
		v.pauses = append(v.pauses, n.moment())
	}
	if n.oneIn(2) {
		v.lingers = 10 * n.moment()
	}
	capacity, history := n.IntN(4), n.IntN(4)
	return ifrit.RunFunc(func(signals <-chan os.Signal, ready chan<- struct{}) error {
		group := grouper.NewDynamic(n.termination, capacity, history)
		n.client = group.Client()
		n.open()
		trace := v.visit(func() {
			if err := group.Run(signals, ready); err != nil {
				n.Errorf("%s returned %v", n.name, err)
			}
			n.shut()
			if group.Run(nil, nil) == nil {
				n.Errorf("%s ran again", n.name)
			}
		})
		n.checkExits(trace, true)
		return trace.ErrorOrNil()
	})
}

// visit gives the exits of the members that were started. One of its listeners
// is read only when the group has exited; another one comes late, and stops
// reading until then (L5).
func (v visitor) visit(run func()) (trace grouper.ErrorTrace) {
	entrances, exits := v.client.EntranceListener(), v.client.ExitListener()
	var late <-chan grouper.ExitEvent
	var latest []grouper.ExitEvent
	var visits sync.WaitGroup
	visits.Go(v.insert)
	visits.Go(func() {
		time.Sleep(v.pauses[0])
		late = v.client.ExitListener()
		latest = read(late, v.reads)
	})
	run()
	visits.Wait()
	for _, member := range v.inserts {
		if _, found := v.client.Get(member.Name); found {
			v.Errorf("%s was found after its group had exited", member.Name) // D4
		}
	}

	all := read(exits, -1)
	latest = append(latest, read(late, -1)...)
	if want := all[max(0, len(all)-len(latest)):]; !slices.Equal(names(latest), names(want)) { // L1, L2
		v.Errorf("%s: late listener got %v, and the early one %v", v.name, names(latest), names(all))
	}
	for _, exit := range all {
		refusal, refused := exit.Err.(grouper.ErrDuplicateNames)
		if !refused || refusal.DuplicateNames[0] != exit.Member.Name {
			trace = append(trace, exit)
		}
	}
	v.checkEntrances(read(entrances, -1), trace, len(all))
	return trace
}

func (v visitor) insert() {
	for i, member := range v.inserts {
		time.Sleep(v.pauses[i+1])
		select {
		case v.client.Inserter() <- member:
			v.isInserted()
		case <-v.client.CloseNotifier():
		}
	}
	if v.lingers > 0 {
		time.Sleep(v.lingers)
		v.client.Close()
	}
}

// read reads so many events, or with -1 until the listener is closed (L3).
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
