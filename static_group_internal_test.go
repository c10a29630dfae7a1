package grouper

import (
	"errors"
	"os"
	"strconv"
	"syscall"
	"testing"
	"testing/synctest"

	"github.com/tedsuo/ifrit"
)

// newTestRun begins a run of a static group whose loop is the test's own
// goroutine.
func newTestRun(t *testing.T, termination os.Signal, ready chan<- struct{}, members Members) (*loop, staticRun) {
	t.Helper()
	run := newRun(&outermost{ready: ready}, nil, termination, nil)
	return &run.loop, staticRun{processes: newProcesses(members, "")}
}

// P1, G2: a group whose members were all ready becomes ready before the exit of
// one of them shuts it down, whether the loop waits for one of them or for all.
// Only on the loop's own goroutine is it certain that all of that is pending.
func TestReadinessOfAllIsObservedBeforeAnExit(t *testing.T) {
	for _, watched := range []int{1, 3} {
		synctest.Test(t, func(t *testing.T) {
			leave := make(chan struct{})
			flash := flashAfter(leave)
			ready := make(chan struct{})
			l, run := newTestRun(t, syscall.SIGTERM, ready, Members{{"a", flash}, {"b", flash}, {"c", flash}})
			g := &parallel{run}

			g.proceed(l)
			if watched == 3 {
				g.proceed(l)
			}
			close(leave)
			synctest.Wait()
			l.takeNews(g)
			select {
			case <-ready:
			default:
				t.Errorf("the group is not ready, %d members were waited for", watched)
			}
		})
	}
}

// V4: of the members of an observed parallel group, whichever begins last looks at
// the others, and no other does.
func TestTheLastMemberThatBeginsLooks(t *testing.T) {
	l, run := newTestRun(t, nil, nil, Members{{Name: "a"}, {Name: "b"}, {Name: "c"}, {Name: "d"}})
	for _, p := range run.processes {
		p.prepare(l)
		close(p.ready)
	}
	look := run.lookAfterLast(3)
	for begun := range run.processes {
		for _, p := range run.processes {
			if p.times.ready != 0 {
				t.Fatalf("%s was looked at when %d had begun", p.path, begun)
			}
		}
		look()
	}
	for i, p := range run.processes {
		if looked := p.times.ready != 0; looked != (i != 3) {
			t.Errorf("%s was looked at: %v", p.path, looked)
		}
	}
}

// O1: an exit that is pending when a member becomes ready is handled before the
// next one is started. Only on the loop's own goroutine is it certain that both
// are pending.
func TestOrderedHandlesPendingExitBeforeNextStart(t *testing.T) {
	for _, test := range []struct {
		name        string
		termination os.Signal
		started     int
	}{
		{"with a termination signal it is the last start", syscall.SIGTERM, 1},
		{"G5: without one, the next start comes after it", nil, 2},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				leave := make(chan struct{})
				flash := flashAfter(leave)
				l, run := newTestRun(t, test.termination, nil, Members{{"flash", flash}, {"flash", flash}})
				g := &ordered{staticRun: run, turns: turns{direction: lastFirst}}

				g.proceed(l)
				close(leave)
				synctest.Wait()
				if g.started != 1 || l.mailbox.listed.Load() != 1 {
					t.Fatalf("%d started, %d exits listed", g.started, l.mailbox.listed.Load())
				}
				g.proceed(l)
				if g.started != test.started {
					t.Errorf("%d started, want %d", g.started, test.started)
				}
				if l.running != g.started-1 {
					t.Errorf("the exit was not handled: %d are running", l.running)
				}
			})
		})
	}
}

// O2: each member that has exited in its turn signals the next one, while the loop
// sleeps. Here it does nothing at all.
func TestMembersPassOnTheTurnToStop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var order string
		member := func(name string) Member {
			return Member{name, ifrit.RunFunc(func(signals <-chan os.Signal, ready chan<- struct{}) error {
				close(ready)
				order += name + (<-signals).String() + " "
				return nil
			})}
		}
		l, run := newTestRun(t, nil, nil, Members{member("a"), member("b"), member("c")})
		g := &ordered{staticRun: run, turns: turns{direction: lastFirst}}
		l.mailbox.turns = &g.turns
		for range g.processes {
			g.proceed(l)
			synctest.Wait()
		}
		l.propagate(g, os.Interrupt)
		g.proceed(l)
		synctest.Wait()
		if order != "cinterrupt binterrupt ainterrupt " {
			t.Errorf("stopped %s", order)
		}
		if g.proceed(l); len(l.mailbox.wake) != 1 || g.turns.stopping != nil {
			t.Error("the loop was not woken at the end")
		}
	})
}

// S1: members that were ready enter their exits themselves, while the loop enters
// those of the others. None is lost, and each has a place of its own.
func TestExitsAreEnteredByMembersAndTheLoopAtOnce(t *testing.T) {
	failure := errors.New("it failed")
	for range 20 {
		var members Members
		leave := make(chan struct{})
		for i := range 64 {
			members = append(members, Member{strconv.Itoa(i), ifrit.RunFunc(func(_ <-chan os.Signal, ready chan<- struct{}) error {
				if i%2 == 0 {
					close(ready)
				}
				<-leave
				return failure
			})})
		}
		p := ifrit.Background(NewParallel(nil, members))
		close(leave)
		trace, _ := (<-p.Wait()).(ErrorTrace)
		names := make(map[string]bool)
		for _, exit := range trace {
			names[exit.Member.Name] = exit.Err == failure
		}
		if len(trace) != len(members) || len(names) != len(members) {
			t.Fatalf("%d exits of %d members", len(trace), len(names))
		}
	}
}

// I1: Inspect may receive what a member sends on its ready channel while the
// loop is about to wait for that. The loop learns of it.
func TestInspectTellsTheLoopWhatItHasReceived(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sender := ifrit.RunFunc(func(signals <-chan os.Signal, ready chan<- struct{}) error {
			ready <- struct{}{}
			<-signals
			return nil
		})
		ready := make(chan struct{})
		l, run := newTestRun(t, nil, ready, Members{{"sender", sender}})
		g := &parallel{run}
		defer func() { g.processes[0].Signal(os.Interrupt) }()

		g.proceed(l) // the loop is about to wait
		synctest.Wait()
		if state := g.processes[0].status(now().time(epoch)).State; state != StateReady {
			t.Errorf("Inspect shows it as %s", state)
		}
		select {
		case <-l.mailbox.wake:
		default:
			t.Error("the loop was not woken")
		}
		l.takeNews(g)
		g.proceed(l)
		select {
		case <-ready:
		default:
			t.Error("the group is not ready")
		}
	})
}

// G3: a signal can come in between the exits.
func TestNewsIsTakenInPortions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		leaver := ifrit.RunFunc(func(<-chan os.Signal, chan<- struct{}) error { return nil })
		members := make(Members, newsAtOnce+1)
		for i := range members {
			members[i] = Member{string(rune('a' + i)), leaver}
		}
		l, run := newTestRun(t, nil, nil, members)
		g := &parallel{run}
		g.proceed(l)
		synctest.Wait()
		<-l.mailbox.wake
		if !l.takeNews(g) || l.running != 1 {
			t.Errorf("%d exits are left, want 1", l.running)
		}
		<-l.mailbox.wake
		l.takeNews(g)
		if l.running != 0 || len(l.mailbox.wake) > 0 {
			t.Errorf("%d exits are left, and the loop is woken again: %v", l.running, len(l.mailbox.wake) > 0)
		}
	})
}

// flashAfter returns a runner that becomes ready and exits once the channel is
// closed.
func flashAfter(leave <-chan struct{}) ifrit.Runner {
	return ifrit.RunFunc(func(_ <-chan os.Signal, ready chan<- struct{}) error {
		<-leave
		close(ready)
		return nil
	})
}

// P1: a member that is still starting wakes the loop to wait for it, even if the
// lookout, which the loop waits for already, has exited by then.
func TestLookingWakesTheLoopThoughTheLookoutHasExited(t *testing.T) {
	l, run := newTestRun(t, nil, nil, Members{{Name: "lookout"}, {Name: "starting"}})
	for _, p := range run.processes {
		p.prepare(l)
	}
	run.processes[0].exited = true
	run.look(0, false)
	if !l.mailbox.woken() {
		t.Error("the loop sleeps")
	}
	close(run.processes[1].ready)
	run.look(0, false)
	if l.mailbox.woken() {
		t.Error("the loop is woken though nobody is starting")
	}
}
