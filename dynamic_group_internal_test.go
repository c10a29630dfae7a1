package grouper

import (
	"os"
	"testing"
	"testing/synctest"

	"github.com/tedsuo/ifrit"
)

// D5: a member that sends its readiness enters although the group's signal comes
// first, and it is the signaling that receives it.
func TestMemberThatIsReadyWhenItIsSignaledEnters(t *testing.T) {
	sender := ifrit.RunFunc(func(signals <-chan os.Signal, ready chan<- struct{}) error {
		ready <- struct{}{}
		<-signals
		<-signals
		return nil
	})
	synctest.Test(t, func(t *testing.T) {
		group := NewDynamic(nil, 0, 1).(*dynamicGroup)
		group.client.begin()
		run := newRun(&outermost{}, nil, nil, nil)
		run.loop.mailbox.dynamic = true
		d := &dynamic{client: group.client}
		entrances := group.client.EntranceListener()
		d.insert(&run.loop, Member{"sender", sender}, true)
		synctest.Wait()
		run.loop.propagate(d, os.Interrupt)
		d.proceed(&run.loop)
		select {
		case event := <-entrances:
			if event.Member.Name != "sender" {
				t.Errorf("%q entered", event.Member.Name)
			}
		default:
			t.Error("it did not enter")
		}
		run.loop.propagate(d, os.Interrupt)
		synctest.Wait()
		run.loop.takeNews(d)
		if event, more := <-entrances; more {
			t.Errorf("%q entered again", event.Member.Name)
		}
	})
}
