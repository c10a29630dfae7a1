package benchmarks

import (
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/seed-3b777528/grouper"
	"github.com/tedsuo/ifrit"
)

// A Timing is the result of work that has a clock of its own.
type Timing struct{ Start, Stop time.Duration }

// slowestInsert times the inserts of n tasks that end at once. If unread, there
// is an exit listener, which nobody reads before the end. The slowest insert is
// Start. It does everything three times, and takes the fastest time of each
// insert: the machine does not stall at the same place again.
func slowestInsert(unread bool) func(n int) Timing {
	return func(n int) Timing {
		members := tasksOf(n)
		best := insertEach(members, unread)
		for range 2 {
			for i, slowest := range insertEach(members, unread) {
				best[i] = min(best[i], slowest)
			}
		}
		return Timing{Start: slices.Max(best)}
	}
}

// insertsInRow is how far an insert may be out of place: the capacity, and more.
const (
	insertCapacity = 1000
	insertsInRow   = 2 * insertCapacity
)

// insertEach returns the slowest insert of each insertsInRow.
func insertEach(members []grouper.Member, unread bool) []time.Duration {
	slowest := make([]time.Duration, len(members)/insertsInRow+1)
	group := grouper.NewDynamic(nil, insertCapacity, eventBuffer)
	client, process := group.Client(), ifrit.Background(group)
	read := func() {}
	if unread {
		read = drain(client.ExitListener(), len(members))
	}
	for i, member := range members {
		begin := time.Now()
		client.Inserter() <- member
		row := &slowest[i/insertsInRow]
		*row = max(*row, time.Since(begin))
	}
	client.Close()
	await(process)
	read()
	return slowest
}

func tasksOf(n int) []grouper.Member {
	parts := newParts(n, nil)
	members := make([]grouper.Member, n)
	for i := range parts {
		members[i] = grouper.Member{Name: parts[i].name, Runner: task{&parts[i]}}
	}
	return members
}

// There are pacedOps operations of each kind, with a pause before each, or
// fewer if the group is small, or if they take too long. The 99th percentile of
// their times counts: worse ones are as much due to the machine.
const (
	pacedOps = 500
	pace     = time.Millisecond
	tooLong  = 3 * time.Second
)

// insertAndGet inserts tasks into a group of n running members, and looks members
// up. If inspected, another goroutine inspects the group all the time. The insert
// is Start, Get is Stop.
func insertAndGet(inspected bool) func(n int) Timing {
	return func(n int) Timing {
		members := ourKit.members(n, nil)
		group := grouper.NewDynamic(nil, 0, 0)
		client, process := group.Client(), ifrit.Background(group)
		for _, member := range members {
			client.Inserter() <- member
		}
		endInspecting := func() {}
		if inspected {
			endInspecting = repeat(func() { grouper.Inspect(group) })
		}
		var inserts, gets []time.Duration
		end := time.Now().Add(tooLong)
		for i, task := range tasksOf(min(n, pacedOps)) {
			if i > 0 && time.Now().After(end) {
				break
			}
			task.Name += " that is paced"
			inserts = append(inserts, paced(func() { client.Inserter() <- task }))
			gets = append(gets, paced(func() {
				if _, found := client.Get(members[i%n].Name); !found {
					panic("a running member was not found")
				}
			}))
		}
		endInspecting()
		process.Signal(os.Interrupt)
		await(process)
		return Timing{percentile99(inserts), percentile99(gets)}
	}
}

// paced times f, which it calls after a pause.
func paced(f func()) time.Duration {
	time.Sleep(pace)
	begin := time.Now()
	f()
	return time.Since(begin)
}

// repeat calls f repeatedly in a goroutine, until that is ended.
func repeat(f func()) (end func()) {
	var ending atomic.Bool
	var calls sync.WaitGroup
	calls.Go(func() {
		for !ending.Load() {
			f()
		}
	})
	return func() {
		ending.Store(true)
		calls.Wait()
	}
}

func percentile99(values []time.Duration) time.Duration {
	slices.Sort(values)
	return values[len(values)*99/100]
}

// A leaver is a member of a group whose members are all leaving: it takes a
// moment for its exit, so that signaling takes little time beside the exits.
type leaver struct{ *leavers }

const leaving = 20 * time.Microsecond

type leavers struct {
	left   atomic.Int64
	enough int64
	gone   chan struct{} // closed when enough have left
}

func (l leaver) Run(signals <-chan os.Signal, ready chan<- struct{}) error {
	close(ready)
	<-signals
	for begin := time.Now(); time.Since(begin) < leaving; {
	}
	if l.left.Add(1) == l.enough {
		close(l.gone)
	}
	return nil
}

// secondSignal stops n members of a parallel group, and signals the group again
// when a tenth of them has left. Start is the time until that signal is taken,
// which is when a send on the group's unbuffered signals channel completes;
// Stop is the time that all exits take.
func secondSignal(n int) (t Timing) {
	all := &leavers{enough: int64(n/10 + 1), gone: make(chan struct{})}
	var members grouper.Members
	for _, part := range newParts(n, nil) {
		members = append(members, grouper.Member{Name: part.name, Runner: leaver{all}})
	}
	signals, ready, exited := make(chan os.Signal), make(chan struct{}), make(chan struct{})
	go func() {
		must(grouper.NewParallel(os.Interrupt, members).Run(signals, ready))
		close(exited)
	}()
	<-ready
	signals <- os.Interrupt
	begin := time.Now()
	<-all.gone
	second := time.Now()
	select {
	case signals <- os.Interrupt:
	case <-exited: // it was never taken
	}
	t.Start = time.Since(second)
	<-exited
	t.Stop = time.Since(begin)
	return t
}
