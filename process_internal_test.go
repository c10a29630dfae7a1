package grouper

import (
	"os"
	"testing"
	"testing/synctest"

	"github.com/tedsuo/ifrit"
)

// Nobody learns of an exit before the loop has it: in a dynamic group the name
// is free for them (D3), and exits are told in the order in which one member
// may have waited for the other (L2).
func TestExitIsPostedBeforeItIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &process{member: Member{Name: "nobody"}}
		exits := make(chan *process)
		p.start(exits)
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
