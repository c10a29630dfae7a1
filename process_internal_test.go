package grouper

import (
	"errors"
	"os"
	"runtime"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tedsuo/ifrit"
)

// startAlone starts a process whose loop is the test's own goroutine.
func startAlone(member Member, dynamic bool) (*loop, *process) {
	run := newRun(&outermost{}, nil, nil, nil)
	run.loop.mailbox.dynamic = dynamic
	p := new(process)
	p.become(member, "")
	p.prepare(&run.loop)
	p.launch(nil)
	return &run.loop, p
}

// D3, L2: nobody learns of the exit of a dynamic group's member before the loop
// has taken it. So its name is free by then, and if one member waits for the
// exit of another, exits are reported in that order.
func TestExitIsTakenBeforeItIsTold(t *testing.T) {
	failure := errors.New("it failed")
	wasReady := ifrit.RunFunc(func(_ <-chan os.Signal, ready chan<- struct{}) error {
		close(ready)
		return failure
	})
	for _, test := range []struct {
		member Member
		state  State
		err    error
	}{
		{Member{Name: "nobody"}, StateStarting, ErrNilRunner},
		{Member{"was ready", wasReady}, StateReady, failure},
	} {
		synctest.Test(t, func(t *testing.T) {
			l, p := startAlone(test.member, true)
			early := p.Wait()
			synctest.Wait()
			late := p.Wait()
			if len(early) > 0 || len(late) > 0 {
				t.Error("Wait answered before the exit was taken")
			}
			if status := p.status(now().time(epoch)); status.State != test.state || status.Err != nil {
				t.Errorf("Inspect shows it as %s, with %v", status.State, status.Err)
			}
			l.takeNews(new(parallel))
			for _, wait := range []<-chan error{early, late, p.Wait()} {
				if err := <-wait; err != test.err {
					t.Errorf("Wait answered %v", err)
				}
			}
		})
	}
}

// V3: a member that is signaled before the loop has seen that it is ready was ready
// before.
func TestReadinessIsSeenBeforeASignal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, p := startAlone(Member{"member", ifrit.RunFunc(func(signals <-chan os.Signal, ready chan<- struct{}) error {
			close(ready)
			<-signals
			return nil
		})}, false)
		synctest.Wait()
		if !p.stop(now(), os.Interrupt, "") || p.times.ready == 0 || p.times.stopping == 0 {
			t.Errorf("the times are %+v", p.times)
		}
		synctest.Wait()
		if p.stop(now(), os.Interrupt, "") {
			t.Error("signaled after its exit")
		}
	})
}

// The exit of a ready member of a static group is known without the loop, which
// may be waiting for the other members.
func TestExitOfAReadyMemberIsToldAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, p := startAlone(Member{"flash", ifrit.RunFunc(func(_ <-chan os.Signal, ready chan<- struct{}) error {
			close(ready)
			return nil
		})}, false)
		wait := p.Wait()
		synctest.Wait()
		if len(wait) == 0 || len(p.Wait()) == 0 {
			t.Error("Wait has not answered")
		}
		if status := p.status(now().time(epoch)); status.State != StateExited || status.Times.Ready.IsZero() {
			t.Errorf("Inspect shows it as %s", status.State)
		}
	})
}

// G8: while a member's panic ends the program, no exit is reported, not even if
// the panic comes while runtime.Goexit runs the member's deferred functions.
// Only this test recovers the panic.
func TestPanicIsNoExit(t *testing.T) {
	for name, member := range map[string]ifrit.RunFunc{
		"a panic": func(<-chan os.Signal, chan<- struct{}) error { panic("the member's own") },
		"a panic during Goexit": func(<-chan os.Signal, chan<- struct{}) error {
			defer func() { panic("the member's own") }()
			runtime.Goexit()
			return nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				run := newRun(&outermost{}, nil, nil, nil)
				p := new(process)
				p.become(Member{"panicker", member}, "")
				p.mailbox = &run.loop.mailbox
				wait := p.Wait()
				var recovered any
				go func() {
					defer func() { recovered = recover() }()
					p.run()
				}()
				synctest.Wait()
				if recovered != "the member's own" {
					t.Errorf("recovered %v", recovered)
				}
				if p.mailbox.listed.Load() > 0 || len(wait) > 0 {
					t.Error("the panic was reported as an exit")
				}
			})
		})
	}
}

// V7, D3: a member may become ready while another one of its path is refused. The
// race detector looks on.
func TestRefusalWhileAMemberBecomesReady(t *testing.T) {
	for range 50 {
		p := &process{lifecycle: lifecycle{path: "a"}}
		p.enter(StateStarting, now(), nil, nil)
		refused := make(chan struct{})
		go func() {
			defer close(refused)
			p.tellRefusal(ErrNilRunner)
		}()
		p.enter(StateReady, now(), nil, nil)
		<-refused
		if p.times.ready == 0 || p.refusal == 0 {
			t.Fatalf("ready at %d, refused at %d", p.times.ready, p.refusal)
		}
	}
}

// I8: a member may be looked at while it is started. The race detector looks on.
func TestLookAtAMemberThatIsBeingStarted(t *testing.T) {
	for range 100 {
		run := newRun(&outermost{}, nil, nil, nil)
		p := newProcesses(Members{{Name: "a"}}, "")[0]
		var group sync.WaitGroup
		group.Go(func() { p.isStarting(now()) })
		runtime.Gosched()
		p.prepare(&run.loop)
		group.Wait()
	}
}

// V7, D3: a running member tells no earlier time than another one of its path
// that was refused meanwhile, even by a clock that is behind; since when it
// counts stays its own affair.
func TestTimesOfAPathDoNotGoBackAfterARefusal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var events []Event
		s := newSink(0, func(event Event) { events = append(events, event) })
		p := &process{lifecycle: lifecycle{path: "a", observers: &observers{sink: s}}}
		started := now()
		p.enter(StateStarting, started, nil, nil)
		time.Sleep(time.Second)
		p.tellRefusal(ErrNilRunner)
		p.enter(StateReady, started, nil, nil)
		time.Sleep(time.Second)
		p.enter(StateExited, now(), nil, nil)
		s.close()
		<-s.ended
		for i, want := range []struct {
			state State
			at    time.Duration
			after time.Duration
		}{{StateStarting, 0, 0}, {StateExited, time.Second, 0}, {StateReady, time.Second, time.Second}, {StateExited, 2 * time.Second, time.Second}} {
			got := events[i]
			if got.State != want.state || got.At.Sub(events[0].At) != want.at || got.After != want.after {
				t.Errorf("event %d: %+v, want %+v", i, got, want)
			}
		}
	})
}
