package grouper

import (
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// G2, V7: what was ready just before it returned was ready then, whichever of the
// two is seen first.
func TestReadinessBeforeTheReturn(t *testing.T) {
	for range 100 {
		synctest.Test(t, func(t *testing.T) {
			ready, stop := make(chan struct{}), make(chan struct{})
			close(ready)
			close(stop)
			observed := &observation{place: new(outermost), of: new(observed)}
			wrapped := &wrappedRun{place: new(outermost), standIn: &standIn{gate: new(gate)}, inside: ready}
			observed.enter(StateStarting, now(), nil, nil)
			wrapped.start(1)
			time.Sleep(time.Second)
			observed.pass(nil, ready, stop)
			wrapped.awaitReady(stop)
			if at := now(); observed.times.ready != at || wrapped.times.ready != at {
				t.Fatalf("ready at %d and %d, want %d", observed.times.ready, wrapped.times.ready, at)
			}
		})
	}
}

// M1, G2: a member that has exited unready does not become ready, even if what ran
// inside its wrapper does so only then.
func TestExitedMemberDoesNotBecomeReady(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, p := startAlone(Member{Name: "nobody"}, false)
		synctest.Wait()
		l.takeNews(new(parallel))
		p.becomeReady(now())
		select {
		case <-p.Ready():
			t.Error("it is ready")
		default:
		}
	})
}

// A member's lock covers what runs in it. The race detector looks on.
func TestHostingTakesTheLock(t *testing.T) {
	for range 100 {
		p := newProcesses(Members{{Name: "a"}}, "")[0]
		var group sync.WaitGroup
		for range 2 {
			group.Go(func() { p.host(new(groupRun)) })
		}
		group.Wait()
	}
}
