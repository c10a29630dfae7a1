package grouper

import (
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
)

// V2: a gate may be closed while events pass it. The race detector looks on.
func TestGateIsClosedWhileEventsPass(t *testing.T) {
	for range 100 {
		var events int
		s := newSink(0, func(Event) { events++ })
		g := new(gate)
		var group sync.WaitGroup
		group.Go(func() { g.tell(&observers{sink: s}, &step{of: &lifecycle{path: "a"}}) })
		group.Go(func() { g.isOpen() })
		g.close()
		group.Wait()
		g.tell(&observers{sink: s}, &step{of: &lifecycle{path: "a"}})
		s.close()
		<-s.ended
		if g.isOpen() || events > 1 {
			t.Fatalf("%d events passed, open: %v", events, g.isOpen())
		}
	}
}

// V5: a sink whose observer waits for events ends when it is closed.
func TestSinkEndsWhenItIsClosed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSink(0, func(Event) {})
		synctest.Wait()
		s.close()
		<-s.ended
	})
}

// V3: of steps that are added at once, none is lost, and each member's come in
// their order, however often the observer has to wait.
func TestSinkKeepsTheOrderOfEachMember(t *testing.T) {
	const members, steps = 8, 1000
	latest := make(map[string]int)
	s := newSink(0, func(event Event) {
		if latest[event.Path]++; latest[event.Path] != event.Run {
			t.Errorf("run %d of %s is number %d", event.Run, event.Path, latest[event.Path])
		}
	})
	var group sync.WaitGroup
	for i := range members {
		group.Go(func() {
			for run := range steps {
				of := &lifecycle{path: strconv.Itoa(i), run: run + 1}
				s.add(&step{of: of})
			}
		})
	}
	group.Wait()
	s.close()
	<-s.ended
	for path, seen := range latest {
		if seen != steps {
			t.Errorf("%d of %d steps of %s", seen, steps, path)
		}
	}
	if len(latest) != members {
		t.Errorf("%d of %d members", len(latest), members)
	}
}

// V5: events for an observer whose goroutine has ended cost no memory.
func TestDeadSinkKeepsNothing(t *testing.T) {
	s := newSink(0, func(Event) {})
	s.close()
	<-s.ended
	s.add(&step{of: &lifecycle{path: "a"}})
	if s.latest.Load() != &dead {
		t.Error("kept an event")
	}
}
