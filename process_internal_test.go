package grouper

import (
	"os"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tedsuo/ifrit"
)

// Nobody learns of an exit before the loop has it: in a dynamic group the name
// is free for them (D3), and exits are told in the order in which one member
// may have waited for the other (L2).
func TestExitIsPostedBeforeItIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &process{member: Member{Name: "nobody"}}
		exits := make(chan *process)
		p.start("", exits, 1)
		early := p.Wait()
		synctest.Wait()
		late := p.Wait()
		if len(early) > 0 || len(late) > 0 {
			t.Error("Wait answered before the exit was posted")
		}
		<-exits
		for _, wait := range []<-chan error{early, late, p.Wait()} {
			if err := <-wait; err != ErrNilRunner {
				t.Errorf("Wait answered %v", err)
			}
		}
	})
}

// G8: while a member's panic ends the program, nothing tells of an exit that
// was none. In this test somebody recovers it, which nobody can otherwise.
func TestPanicIsNoExit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &process{member: Member{"panicker", ifrit.RunFunc(func(<-chan os.Signal, chan<- struct{}) error {
			panic("the member's own")
		})}}
		exits := make(chan *process, 1)
		wait := p.Wait()
		var recovered any
		func() {
			defer func() { recovered = recover() }()
			p.run(exits)
		}()
		if recovered != "the member's own" {
			t.Errorf("recovered %v", recovered)
		}
		if len(exits) > 0 || len(wait) > 0 {
			t.Error("the panic was told as an exit")
		}
	})
}

// G8: a panic is one also when it comes while runtime.Goexit runs what the
// member had deferred.
func TestPanicDuringGoexitIsNoExit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &process{member: Member{"panicker", ifrit.RunFunc(func(<-chan os.Signal, chan<- struct{}) error {
			defer func() { panic("the member's own") }()
			runtime.Goexit()
			return nil
		})}}
		exits := make(chan *process, 1)
		var recovered any
		go func() {
			defer func() { recovered = recover() }()
			p.run(exits)
		}()
		synctest.Wait()
		if recovered != "the member's own" {
			t.Errorf("recovered %v", recovered)
		}
		if len(exits) > 0 {
			t.Error("the panic was told as an exit")
		}
	})
}

// M2: whoever still reads a member's signals after its exit sees no closed
// channel, also if the exit comes just behind the last signal.
func TestDroppedQueueStaysOpen(t *testing.T) {
	for range 1000 {
		synctest.Test(t, func(t *testing.T) {
			// Drop comes while the pump is about to look for more to send.
			q := queue[int]{out: make(chan int)}
			q.send(1)
			synctest.Wait()
			q.mu.Lock()
			go q.drop()
			runtime.Gosched()
			<-q.out
			q.mu.Unlock()
			synctest.Wait()
			q.send(2)
			synctest.Wait()
			select {
			case value, open := <-q.out:
				t.Fatalf("read %d, open: %v", value, open)
			default:
			}
		})
	}
}

// M2: what was not read when a queue is dropped never is, also by those who
// wait for it right then.
func TestDroppedQueueHandsNothingOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := queue[int]{out: make(chan int)}
		for i := range 10 {
			q.send(i)
		}
		synctest.Wait()
		q.drop()
		select {
		case value := <-q.out:
			t.Errorf("read %d", value)
		case <-time.After(time.Second):
		}
	})
}
