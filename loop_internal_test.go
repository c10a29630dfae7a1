package grouper

import (
	"os"
	"runtime"
	"syscall"
	"testing"
	"testing/synctest"

	"github.com/tedsuo/ifrit"
)

// A witness is a strategy that counts its decisions, and those at which its loop
// has not corked the sink.
type witness struct {
	strategy
	sink                *sink
	decisions, uncorked map[string]int // how often
}

func (w *witness) see(decision string) {
	w.decisions[decision]++
	if w.sink.corks.Load() != 1 {
		w.uncorked[decision]++
	}
}

func (w *witness) proceed(l *loop) {
	w.see("proceed")
	w.strategy.proceed(l)
}

func (w *witness) ready(p *process) {
	w.see("ready")
	w.strategy.ready(p)
}

func (w *witness) exited(l *loop, p *process, wasReady bool) {
	w.see("exited")
	w.strategy.exited(l, p, wasReady)
}

func (w *witness) propagate(l *loop, previous os.Signal) {
	w.see("propagate")
	w.strategy.propagate(l, previous)
}

// V5: a loop keeps its observers asleep while it handles an event of any kind,
// and lets them look before it waits for the next one.
func TestLoopCorksItsObserversUntilItWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var events int
		s := newSink(0, func(Event) { events++ })
		w := &witness{sink: s, decisions: make(map[string]int), uncorked: make(map[string]int)}
		waits := func(decision string, told int) {
			t.Helper()
			synctest.Wait()
			if w.decisions[decision] == 0 {
				t.Errorf("no %s, but %v", decision, w.decisions)
			}
			if len(w.uncorked) > 0 || s.corks.Load() != 0 {
				t.Errorf("uncorked: %v, while the loop waits: %d corks", w.uncorked, s.corks.Load())
			}
			if events != told {
				t.Errorf("%d events, want %d", events, told)
			}
			clear(w.decisions)
		}
		signals := make(chan os.Signal)
		late, later, leave := make(chan struct{}), make(chan struct{}), make(chan struct{})
		readyAt := func(signal <-chan struct{}) ifrit.Runner {
			return ifrit.RunFunc(func(_ <-chan os.Signal, ready chan<- struct{}) error {
				<-signal
				close(ready)
				<-leave
				return nil
			})
		}
		run := newRun(&outermost{}, &observers{sink: s}, nil, signals)
		l := &run.loop
		w.strategy = &parallel{staticRun{processes: newProcesses(Members{{"a", readyAt(late)}, {"b", readyAt(later)}}, "")}}
		calls := make(chan func())
		l.insert = func(*loop, Member, bool) { w.see("insert") }
		inserts := make(chan Member)
		go func() {
			l.run(w)
			w.see("returned")
		}()
		waits("proceed", 2)
		late <- struct{}{}
		waits("ready", 3)
		l.calls, l.inserts = calls, inserts // seen by the next wait
		later <- struct{}{}
		waits("ready", 4)
		calls <- func() { w.see("call") }
		waits("call", 4)
		inserts <- Member{}
		waits("insert", 4)
		l.calls, l.inserts = nil, nil
		signals <- nil // nothing follows from it
		synctest.Wait()
		clear(w.uncorked)
		waits("proceed", 4)
		signals <- syscall.SIGTERM
		waits("propagate", 6)
		signals <- syscall.SIGTERM
		waits("propagate", 8)
		close(leave)
		synctest.Wait()
		if w.decisions["exited"] != 2 || w.uncorked["exited"] > 0 || w.uncorked["returned"] != 1 || s.corks.Load() != 0 || events != 10 {
			t.Errorf("decisions %v, uncorked: %v, %d events", w.decisions, w.uncorked, events)
		}
		s.close()
		<-s.ended
	})
}

// V3: what runs in a place tells it before anybody can see the new state. Here it
// cannot tell it yet, because another goroutine has the lock of the member.
func TestStateIsToldBeforeItIsShown(t *testing.T) {
	for state, enter := range map[State]func(*loop){
		StateReady:    (*loop).becomeReady,
		StateFailed:   (*loop).fail,
		StateStopping: func(l *loop) { l.enterSignal(os.Interrupt) },
	} {
		member := new(process)
		member.become(Member{Name: "m"}, "")
		member.mailbox, member.ready = new(mailbox), make(chan struct{})
		member.times.started = 1
		observed := &observation{place: member, of: new(observed)}
		run := newRun(observed, nil, nil, nil)
		observed.mu.Lock()
		entered := make(chan struct{})
		go func() {
			enter(&run.loop)
			close(entered)
		}()
		for range 1000 {
			runtime.Gosched()
			if !run.loop.progress.mu.TryLock() {
				continue // nobody can see it
			}
			shown, _ := run.loop.progress.times.state()
			run.loop.progress.mu.Unlock()
			if shown == state {
				t.Errorf("%s is shown too early", state)
				break
			}
		}
		observed.mu.Unlock()
		<-entered
		times, _ := run.loop.progress.read()
		if got, _ := times.state(); got != state {
			t.Errorf("%s is shown as %s", state, got)
		}
	}
}
