package inside

import (
	"fmt"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-3b777528/grouper"
	"github.com/tedsuo/ifrit"
)

// A steered member is ready and exits when the test wants it to.
type steered struct{ started, beReady, exit chan struct{} }

func newSteered() steered {
	return steered{make(chan struct{}), make(chan struct{}), make(chan struct{})}
}

func (s steered) Run(_ <-chan os.Signal, ready chan<- struct{}) error {
	close(s.started)
	<-s.beReady
	close(ready)
	<-s.exit
	return nil
}

// TestReadyWhileAnEarlierMemberStarts looks at the second member of a parallel
// group while the group waits for the first one.
func TestReadyWhileAnEarlierMemberStarts(t *testing.T) {
	recording := record(t)
	synctest.Test(t, func(t *testing.T) {
		slow, fast := newSteered(), newSteered()
		group := grouper.NewParallel(nil, grouper.Members{{Name: "slow", Runner: slow}, {Name: "fast", Runner: fast}})
		process := ifrit.Background(group)
		synctest.Wait()
		close(fast.beReady)
		synctest.Wait()
		began := time.Now()
		time.Sleep(300 * time.Millisecond) // of the bubble
		traced := recording.stop(t)
		traced.wantEvents(t, "slow", false, "start")
		traced.wantEvents(t, "fast", false, "start", "ready")

		close(slow.beReady)
		<-process.Ready()
		status, _ := grouper.Inspect(group)
		for i, since := range []time.Time{time.Now(), began} {
			if member := status.Members[i]; !member.Since.Equal(since) {
				t.Errorf("%s is ready since %v, wanted was %v", member.Name, member.Since, since)
			}
		}
		close(fast.exit)
		close(slow.exit)
		<-process.Wait()
	})
}

// TestReadyIsLoggedOnce inspects a member that is ready while its group waits
// for an earlier one, then and later.
func TestReadyIsLoggedOnce(t *testing.T) {
	for _, how := range []struct {
		name  string
		ready func(chan<- struct{})
	}{
		{"closed", func(ready chan<- struct{}) { close(ready) }},
		{"sent", func(ready chan<- struct{}) { ready <- struct{}{} }},
	} {
		t.Run(how.name, func(t *testing.T) {
			recording := record(t)
			synctest.Test(t, func(t *testing.T) {
				slow := newSteered()
				fast := ifrit.RunFunc(func(signals <-chan os.Signal, ready chan<- struct{}) error {
					how.ready(ready)
					<-signals
					return nil
				})
				group := grouper.NewParallel(nil, grouper.Members{{Name: "slow", Runner: slow}, {Name: "fast", Runner: fast}})
				process := ifrit.Background(group)
				synctest.Wait()
				grouper.Inspect(group)
				close(slow.beReady)
				<-process.Ready()
				grouper.Inspect(group)
				process.Signal(os.Interrupt)
				synctest.Wait()
				close(slow.exit)
				<-process.Wait()
			})
			traced := recording.stop(t)
			traced.wantEvents(t, "slow", true, "start", "ready", "signal", "exit")
			traced.wantEvents(t, "fast", true, "start", "ready", "signal", "exit")
		})
	}
}

// flash is ready, and exits at once.
var flash = ifrit.RunFunc(func(_ <-chan os.Signal, ready chan<- struct{}) error {
	close(ready)
	return nil
})

// TestReadyBeforeExit runs members that exit before anything else can log that
// they are ready.
func TestReadyBeforeExit(t *testing.T) {
	members := make(grouper.Members, 200)
	for i := range members {
		members[i] = grouper.Member{Name: fmt.Sprint(i), Runner: flash}
	}
	for _, kind := range []struct {
		name string
		run  func() error
	}{
		{"parallel", func() error { return grouper.NewParallel(nil, members).Run(nil, nil) }},
		{"ordered", func() error { return grouper.NewOrdered(nil, members).Run(nil, nil) }},
		{"queue-ordered", func() error { return grouper.NewQueueOrdered(nil, members).Run(nil, nil) }},
		{"dynamic", func() error {
			group := grouper.NewDynamic(nil, 0, 0)
			process := ifrit.Invoke(group)
			for _, member := range members {
				group.Client().Inserter() <- member
			}
			group.Client().Close()
			return <-process.Wait()
		}},
	} {
		t.Run(kind.name, func(t *testing.T) {
			recording := record(t)
			if err := kind.run(); err != nil {
				t.Error(err)
			}
			traced := recording.stop(t)
			for _, member := range members {
				traced.wantEvents(t, member.Name, true, "start", "ready", "exit")
			}
		})
	}
}

// TestReadyBeforeExitInTraceBegunLate records only these two.
func TestReadyBeforeExitInTraceBegunLate(t *testing.T) {
	slow, fast := newSteered(), newSteered()
	process := ifrit.Background(grouper.NewParallel(nil, grouper.Members{{Name: "slow", Runner: slow}, {Name: "fast", Runner: fast}}))
	<-slow.started
	<-fast.started
	recording := record(t)
	close(fast.exit)
	close(fast.beReady)
	close(slow.beReady)
	close(slow.exit)
	<-process.Wait()
	traced := recording.stop(t)
	traced.wantEvents(t, "slow", true, "ready", "exit")
	traced.wantEvents(t, "fast", true, "ready", "exit")
}

// TestReadyTooLate has a goroutine that a member has left behind close its ready
// channel.
func TestReadyTooLate(t *testing.T) {
	recording := record(t)
	synctest.Test(t, func(t *testing.T) {
		late := make(chan struct{})
		quitter := ifrit.RunFunc(func(_ <-chan os.Signal, ready chan<- struct{}) error {
			go func() {
				<-late
				close(ready)
			}()
			return nil
		})
		stayer := newSteered()
		process := ifrit.Background(grouper.NewParallel(nil, grouper.Members{{Name: "quitter", Runner: quitter}, {Name: "stayer", Runner: stayer}}))
		synctest.Wait()
		close(late)
		synctest.Wait()
		close(stayer.beReady)
		close(stayer.exit)
		<-process.Wait()
	})
	traced := recording.stop(t)
	traced.wantEvents(t, "quitter", true, "start", "exit")
	traced.wantEvents(t, "stayer", true, "start", "ready", "exit")
}
