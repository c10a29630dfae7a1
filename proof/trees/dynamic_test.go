package trees

import (
	"context"
	"errors"
	"iter"
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
	patience    time.Duration   // of loops over events
	newGroup    func() grouper.DynamicGroup
}

// newDynamic returns a group whose runs are checked. Each is one of a new group
// (D10), and returns the members' exits as a static group does.
func (n *node) newDynamic(members grouper.Members) ifrit.Runner {
	u := user{node: n, reads: n.IntN(10), patience: 20 * n.moment(), pauses: []time.Duration{5 * n.moment()}}
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
	u.newGroup = func() grouper.DynamicGroup { return grouper.NewDynamic(n.termination, capacity, history) }
	if n.once {
		group := u.newGroup()
		return grouper.Wrap(group, func(inside ifrit.Runner) ifrit.Runner { return u.using(inside, group) })
	}
	return ifrit.RunFunc(func(signals <-chan os.Signal, ready chan<- struct{}) error {
		group := u.newGroup()
		return u.using(group, group).Run(signals, ready)
	})
}

// using runs the group, which may be inside a Wrap.
func (u user) using(runs ifrit.Runner, group grouper.DynamicGroup) ifrit.Runner {
	return ifrit.RunFunc(func(signals <-chan os.Signal, ready chan<- struct{}) error {
		u.node.client = group.Client()
		u.beginRun()
		trace := u.use(func() {
			if err := runs.Run(signals, ready); err != nil {
				u.Errorf("%s returned %v", u.name, err)
			}
			u.endRun()
			if err := group.Run(nil, nil); !errors.Is(err, grouper.ErrRunTwice) {
				u.Errorf("%s ran again, and returned %v", u.name, err)
			}
		})
		u.checkExits(trace, true)
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
	ctx, cancel := context.WithTimeout(context.Background(), u.patience)
	defer cancel()
	var some, entered []string
	calls.Go(func() {
		some = loopOver(ctx, u, func(e grouper.ExitEvent) string { return e.Member.Name }, grouper.Exits)
	})
	calls.Go(func() {
		entered = loopOver(ctx, u, func(e grouper.EntranceEvent) string { return e.Member.Name }, grouper.Entrances)
	})
	run()
	calls.Wait()
	for _, member := range u.inserts {
		if _, found := u.client.Get(member.Name); found {
			u.Errorf("%s was found after its group had exited", member.Name) // D4
		}
	}

	all, allEntrances := read(exits, -1), read(entrances, -1)
	u.checkFirst(some, names(all))
	u.checkFirst(entered, entranceNames(allEntrances))
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
	u.checkEntrances(allEntrances, trace, len(all))
	return trace
}

// loopOver returns the names in a few events of a listener that ends early, or when
// the context is done, or with the group (L6).
func loopOver[E any](ctx context.Context, u user, name func(E) string, events func(context.Context, grouper.DynamicClient) iter.Seq[E]) (names []string) {
	if u.reads == 0 {
		return nil
	}
	for event := range events(ctx, u.client) {
		if names = append(names, name(event)); len(names) == u.reads {
			break
		}
	}
	return names
}

// checkFirst holds events that were looped over to L2: they came in order, and
// without gaps.
func (u user) checkFirst(some, all []string) {
	for start := 0; start+len(some) <= len(all); start++ {
		if slices.Equal(some, all[start:start+len(some)]) {
			return
		}
	}
	u.Errorf("%s: a loop got %v, and an early listener %v", u.name, some, all)
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

func entranceNames(entrances []grouper.EntranceEvent) (names []string) {
	for _, event := range entrances {
		names = append(names, event.Member.Name)
	}
	return names
}

func names(exits []grouper.ExitEvent) (names []string) {
	for _, exit := range exits {
		names = append(names, exit.Member.Name)
	}
	return names
}
