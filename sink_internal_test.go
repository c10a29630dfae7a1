package grouper

import (
	"fmt"
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
		group.Go(func() { g.tell(&observers{sink: s}, &step{of: new(lifecycle)}) })
		group.Go(func() { g.isOpen() })
		g.close()
		group.Wait()
		g.tell(&observers{sink: s}, &step{of: new(lifecycle)})
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
		s.close()
		outer.close()
		<-s.ended
		<-outer.ended
	})
}

// V5: the observer is woken once for all steps that wait for it, and not without
// any.
func TestSinkWakesItsObserverOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		let := make(chan struct{})
		events := 0
		s := newSink(0, func(Event) { <-let; events++ })
		l := &lifecycle{observers: &observers{sink: s}}
		step := func() { l.tellLocked(StateStopping, 1, nil, nil) }
		step()
		synctest.Wait()
		l.observers.cork()
		l.observers.uncork()
		if len(s.wake) != 0 {
			t.Error("is woken without a step")
		}
		step()
		<-s.wake
		step()
		if len(s.wake) != 0 {
			t.Error("is woken again")
		}
		s.ring()
		close(let)
		synctest.Wait()
		if events != 3 {
			t.Errorf("%d events", events)
		}
		s.close()
		<-s.ended
	})
}

// V6: each of several observers gets a step of its own.
func TestEachSinkHasItsOwnSteps(t *testing.T) {
	var inner, outer []string
	first, second := newSink(2, func(e Event) { inner = append(inner, e.Path) }), newSink(0, func(e Event) { outer = append(outer, e.Path) })
	all := &observers{sink: first, outer: &observers{sink: second}}
	all.cork()
	for _, path := range []string{"a/b", "a/c"} {
		(&lifecycle{path: path, observers: all}).enter(StateStarting, 1, nil, nil)
	}
	for s, of := first.latest.Load(), second.latest.Load(); s != nil; s, of = s.link, of.link {
		if s == of {
			t.Error("two sinks have the same step")
		}
	}
	all.uncork()
	first.close()
	second.close()
	<-first.ended
	<-second.ended
	if got := fmt.Sprint(inner, outer); got != "[b c] [a/b a/c]" {
		t.Error(got)
	}
}

// W2: what is behind a gate may still run when the sink has ended, and another
// one uses its page: a step from there takes no room of that, even if a further
// observer is before the gate.
func TestStepsBehindAGateTakeNoRoom(t *testing.T) {
	var events, innerEvents int
	inner, outer := newSink(0, func(Event) { innerEvents++ }), newSink(0, func(Event) { events++ })
	behind := &observers{gate: new(gate), outer: &observers{sink: outer}}
	(&lifecycle{observers: behind}).enter(StateStarting, 1, nil, nil)
	(&lifecycle{observers: &observers{sink: inner, outer: behind}}).enter(StateStarting, 1, nil, nil)
	if used := outer.page.Load().used.Load(); used != 0 {
		t.Errorf("%d steps took room of the outer page", used)
	}
	if used := inner.page.Load().used.Load(); used != 1 {
		t.Errorf("%d steps took room of the inner page", used)
	}
	inner.close()
	outer.close()
	<-inner.ended
	<-outer.ended
	if events != 2 || innerEvents != 1 {
		t.Errorf("%d and %d events", events, innerEvents)
	}
}

// V5: an event that the observer has got keeps nothing in memory, nor does one
// that nobody gets, although the room for their steps is used again.
func TestStepsKeepNothing(t *testing.T) {
	closed, dead := new(gate), newSink(0, func(Event) { runtime.Goexit() })
	closed.close()
	(&lifecycle{observers: &observers{sink: dead}}).enter(StateStarting, 1, nil, nil)
	<-dead.ended
	for name, test := range map[string]struct {
		sink      *sink
		observers func(*sink) *observers
		steps     int
	}{
		"got":            {newSink(0, func(Event) {}), func(s *sink) *observers { return &observers{sink: s} }, 1},
		"got, more":      {newSink(0, func(Event) {}), func(s *sink) *observers { return &observers{sink: s} }, 1000},
		"gate is closed": {newSink(0, func(Event) {}), func(s *sink) *observers { return &observers{gate: closed, outer: &observers{sink: s}} }, 1},
		"dead":           {dead, func(s *sink) *observers { return &observers{sink: s} }, 1},
	} {
		of := &lifecycle{observers: test.observers(test.sink)}
		kept := weak.Make(of)
		for range test.steps {
			of.enter(StateStopping, 1, nil, nil)
		}
		test.sink.close()
		<-test.sink.ended
		runtime.KeepAlive(of)
		of = nil
		runtime.GC()
		if kept.Value() != nil {
			t.Errorf("%s: a step keeps its member", name)
		}
		p := test.sink.page.Load()
		for i := range p.steps {
			if p.steps[i] != (step{}) {
				t.Errorf("%s: step %d is still in use", name, i)
			}
		}
		if used := p.used.Load(); used != 0 && name != "dead" {
			t.Errorf("%s: a page that is used again has %d steps", name, used)
		}
	}
}
