package grouper

import (
	"runtime"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"weak"
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
// their order, however often the observer has to wait, and whoever corks the sink
// meanwhile. The observer has got all of them before the sink is closed.
func TestSinkKeepsTheOrderOfEachMember(t *testing.T) {
	const members, steps = 8, 1000
	synctest.Test(t, func(t *testing.T) {
		latest := make(map[string]int)
		s := newSink(0, func(event Event) {
			if latest[event.Path]++; latest[event.Path] != event.Run {
				t.Errorf("run %d of %s is number %d", event.Run, event.Path, latest[event.Path])
			}
		})
		all := &observers{sink: s}
		for i := range members {
			go func() {
				for run := range steps {
					if i%2 == 0 {
						all.cork()
					}
					(&lifecycle{path: strconv.Itoa(i), run: run + 1, observers: all}).enter(StateStarting, 1, nil, nil)
					if i%2 == 0 {
						all.uncork()
					}
				}
			}()
		}
		synctest.Wait()
		for path, seen := range latest {
			if seen != steps {
				t.Errorf("%d of %d steps of %s", seen, steps, path)
			}
		}
		if len(latest) != members {
			t.Errorf("%d of %d members", len(latest), members)
		}
		s.close()
		<-s.ended
	})
}

// V5: the observer of a corked sink sleeps, and looks once any cork is off. After
// the last one is off, each step wakes it again.
func TestCorkedSink(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var events, outerEvents int
		s, outer := newSink(0, func(Event) { events++ }), newSink(0, func(Event) { outerEvents++ })
		all := &observers{sink: s, outer: &observers{gate: new(gate), outer: &observers{sink: outer}}}
		l := &lifecycle{observers: all}
		told := func(want int) {
			t.Helper()
			synctest.Wait()
			if events != want || outerEvents != want {
				t.Errorf("%d and %d events, want %d", events, outerEvents, want)
			}
		}
		step := func() { l.tellLocked(StateStopping, 1, nil, nil) }

		all.cork()
		step()
		told(0)
		all.cork()
		step()
		told(0)
		all.uncork()
		told(2)
		step()
		told(2)
		all.uncork()
		told(3)
		step()
		told(4)
		all.cork()
		all.uncork()
		if len(s.wake) > 0 {
			t.Error("the observer is woken for nothing")
		}
		s.close()
		outer.close()
		<-s.ended
		<-outer.ended
	})
}

// V6: each of several observers gets a step of its own.
func TestEachSinkHasItsOwnSteps(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var paths []string
		note := func(e Event) { paths = append(paths, e.Path) }
		inner, outer := newSink(2, note), newSink(0, func(Event) {})
		all := &observers{sink: inner, outer: &observers{sink: outer}}
		all.cork()
		for _, path := range []string{"a/b", "a/c"} {
			(&lifecycle{path: path, observers: all}).enter(StateStarting, 1, nil, nil)
		}
		if inner.latest.Load() == outer.latest.Load() {
			t.Error("two sinks have the same step")
		}
		all.uncork()
		inner.close()
		outer.close()
		<-inner.ended
		<-outer.ended
		if len(paths) != 2 || paths[0] != "b" || paths[1] != "c" {
			t.Errorf("%q", paths)
		}
	})
}

// V5: an event that the observer has got keeps nothing in memory, although its
// step is used again.
func TestStepsKeepNothing(t *testing.T) {
	s := newSink(0, func(Event) {})
	of := &lifecycle{path: "a", observers: &observers{sink: s}}
	kept := weak.Make(of)
	of.enter(StateStarting, 1, nil, nil)
	s.close()
	<-s.ended
	runtime.KeepAlive(of)
	of = nil
	runtime.GC()
	if kept.Value() != nil {
		t.Error("a step keeps its member")
	}
	runtime.KeepAlive(s)
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
