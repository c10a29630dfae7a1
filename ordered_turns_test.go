package grouper_test

import (
	"os"
	"runtime"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/tedsuo/ifrit"

	"github.com/seed-3b777528/grouper"
)

// O2, O3: signals that arrive while members stop, each of which passes on the turn
// when it exits, keep their order: within a member, and from one member to the
// next.
func TestSignalsKeepTheirOrderWhileTheTurnPasses(t *testing.T) {
	const last = numbered(20)
	for range 300 {
		var received []numbered // the members stop one after the other
		member := ifrit.RunFunc(func(signals <-chan os.Signal, ready chan<- struct{}) error {
			close(ready)
			received = append(received, (<-signals).(numbered))
			for len(signals) > 0 {
				received = append(received, (<-signals).(numbered))
			}
			return nil
		})
		signals := make(chan os.Signal)
		ready := make(chan struct{})
		done := make(chan error)
		group := grouper.NewOrdered(nil, grouper.Members{{"a", member}, {"b", member}, {"c", member}, {"d", member}})
		go func() { done <- group.Run(signals, ready) }()
		<-ready
		for n := numbered(1); n <= last; n++ {
			select {
			case signals <- n:
			case <-done:
				done, n = nil, last
			}
		}
		if done != nil {
			<-done
		}
		if len(received) < 4 || !slices.IsSorted(received) {
			t.Fatalf("received %v", received)
		}
	}
}

// O2: members that leave while the turns begin get no turn, and never do two
// members stop at the same time.
func TestMembersLeaveWhileTheTurnsBegin(t *testing.T) {
	for range 300 {
		leave := make(chan struct{})
		leaver := ifrit.RunFunc(func(signals <-chan os.Signal, ready chan<- struct{}) error {
			close(ready)
			select {
			case <-leave:
			case <-signals:
			}
			return nil
		})
		var stopping, stopped atomic.Int32
		stayer := ifrit.RunFunc(func(signals <-chan os.Signal, ready chan<- struct{}) error {
			close(ready)
			<-signals
			if stopping.Add(1) != 1 {
				t.Error("two members stop at the same time")
			}
			runtime.Gosched() // lets another one begin, if it may
			stopping.Add(-1)
			stopped.Add(1)
			return nil
		})
		process := ifrit.Invoke(grouper.NewOrdered(nil, grouper.Members{
			{"a", stayer}, {"b", leaver}, {"c", stayer}, {"d", leaver}, {"e", leaver}, {"f", leaver},
		}))
		go close(leave)
		process.Signal(os.Interrupt)
		if err := <-process.Wait(); err != nil || stopped.Load() != 2 {
			t.Fatalf("%d members stopped, %v", stopped.Load(), err)
		}
	}
}
