package grouper_test

import (
	"errors"
	"os"
	"strings"
	"sync/atomic"
	"testing"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/seed-3b777528/grouper"
	"github.com/tedsuo/ifrit"
)

var _ = Describe("An execution trace", func() {
	for how := range mutes {
		It("I5: does not end a program whose errors and signals "+how+" when asked for their text", func() {
			command := child("^TestMuteInTrace$")
			command.Env = append(command.Env, muteVariable+"="+how)
			output, err := command.CombinedOutput()
			Expect(err).NotTo(HaveOccurred(), string(output))
		})
	}

	forEach(allKinds, func(kind kind) {
		It("I5: asks a signal for its text at most once per propagation, and only while it is recorded", func() {
			members := grouper.Members{{"a", untilSignaled}, {"b", untilSignaled}, {"c", untilSignaled}}
			signal := asked{new(atomic.Int32)}
			run := bubble(func() { start(kind.group(nil, members)).signal(signal) })
			run()
			Expect(signal.times.Load()).To(BeZero())
			recorded := recording(run)
			Expect(signal.times.Load()).To(BeNumerically("<=", 1))
			for _, member := range members {
				Expect(strings.Contains(recorded, counted(member.Name+": signal asked"))).To(BeTrue(), member.Name)
			}
		})

		It("I5: has the text of each signal", func() {
			stubborn := ifrit.RunFunc(func(signals <-chan os.Signal, ready chan<- struct{}) error {
				close(ready)
				<-signals
				<-signals
				return nil
			})
			recorded := recording(bubble(func() {
				group := start(kind.group(nil, grouper.Members{{"stubborn", stubborn}}))
				group.signal(os.Interrupt)
				group.signal(os.Kill)
			}))
			for _, signal := range []string{"interrupt", "killed"} {
				Expect(strings.Contains(recorded, counted("stubborn: signal "+signal))).To(BeTrue(), signal)
			}
		})
	})

	It("I5: is the only reason to ask an error for its text", func() {
		err := silent{}
		process := ifrit.Background(grouper.NewParallel(nil, grouper.Members{{"a", ifrit.RunFunc(func(<-chan os.Signal, chan<- struct{}) error {
			return err
		})}}))
		Expect(errors.Is(<-process.Wait(), err)).To(BeTrue())
	})
})

// An asked signal counts how many times it is asked for its text.
type asked struct{ times *atomic.Int32 }

func (asked) Signal() {}
func (a asked) String() string {
	a.times.Add(1)
	return "asked"
}

// muteVariable names one of the mutes to a child process.
const muteVariable = "GROUPER_TEST_MUTE"

// TestMuteInTrace runs trees with a mute in them while a trace is recorded, in
// a process of its own, since an unguarded call for the text would end it.
func TestMuteInTrace(t *testing.T) {
	how := os.Getenv(muteVariable)
	if how == "" {
		t.Skip("runs in child processes of the specs")
	}
	RegisterTestingT(t)
	mute := mutes[how]
	for _, kind := range allKinds {
		running := make(chan struct{})
		var signals []os.Signal
		last := ifrit.RunFunc(func(received <-chan os.Signal, ready chan<- struct{}) error {
			close(ready)
			close(running)
			signals = append(signals, <-received)
			return mute
		})
		inner := kind.group(nil, grouper.Members{{"first", untilSignaled}, {"last", last}})
		recorded := recording(func() {
			process := ifrit.Invoke(grouper.NewParallel(nil, grouper.Members{{"inner", inner}}))
			<-running
			process.Signal(mute)
			Expect(errors.Is(<-process.Wait(), mute)).To(BeTrue(), kind.name)
		})
		Expect(signals).To(HaveLen(1), kind.name)
		Expect(signals[0] == mute).To(BeTrue(), kind.name)
		for _, text := range []string{"first: signal", "last: signal", "last: exit"} {
			Expect(strings.Contains(recorded, text)).To(BeTrue(), "%s, %s", kind.name, text)
		}
		Expect(strings.Contains(recorded, counted("last: exit nil"))).To(BeFalse(), kind.name)
	}

	group := grouper.NewDynamic(nil, 0, 0)
	ifrit.Invoke(group)
	recording(func() {
		group.Client().Inserter() <- grouper.Member{"member", untilSignaled}
		process, _ := group.Client().Get("member")
		process.Signal(mute)
		Expect(<-process.Wait()).To(Succeed())
	})
}

// A silent error has no text.
type silent struct{}

func (silent) Error() string { panic("nobody asked") }
