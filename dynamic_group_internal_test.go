package grouper

import (
	"os"
	"testing"
	"testing/synctest"

	"github.com/tedsuo/ifrit"
)

// D5: a member that sends its readiness enters although the group's signal comes
// first, and it is the signaling that receives it. One that is not ready does not.
func TestMemberThatIsReadyWhenItIsSignaledEnters(t *testing.T) {
	sender := ifrit.RunFunc(func(signals <-chan os.Signal, ready chan<- struct{}) error {
		ready <- struct{}{}
		<-signals
		<-signals
		return nil
	})
	late := ifrit.RunFunc(func(signals <-chan os.Signal, _ chan<- struct{}) error {
		<-signals
		<-signals
		return nil
	})
	synctest.Test(t, func(t *testing.T) {
		group := NewDynamic(nil, 0, 4).(*dynamicGroup)
		group.client.begin()
		run := newRun(&outermost{}, nil, nil, nil)
		run.loop.mailbox.dynamic = true
		d := &dynamic{client: group.client}
		entrances := group.client.EntranceListener()
		d.insert(&run.loop, Member{"sender", sender}, true)
		d.insert(&run.loop, Member{"late", late}, true)
		synctest.Wait()
		entered := func() (names string) {
			d.proceed(&run.loop)
			for len(entrances) > 0 {
				event := <-entrances
				names += event.Member.Name + " "
			}
			return names
		}
		run.loop.propagate(d, os.Interrupt)
		if names := entered(); names != "sender " {
			t.Errorf("when signaled: %s", names)
		}
		run.loop.propagate(d, os.Interrupt)
		if names := entered(); names != "" {
			t.Errorf("when signaled again: %s", names)
		}
		synctest.Wait()
		run.loop.takeNews(d)
		if names := entered(); names != "late " {
			t.Errorf("at the exits: %s", names)
		}
	})
}
