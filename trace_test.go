package grouper_test

import (
	"bytes"
	"errors"
	"fmt"
	"runtime"
	"runtime/trace"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/seed-3b777528/grouper"
	"github.com/seed-3b777528/grouper/fakes"
	"github.com/tedsuo/ifrit"
)

var _ = Describe("An execution trace", func() {
	It("I5: has the start, readiness, signals and exit of each member", func() {
		recorded := recording(func() {
			runner := fakes.NewRunner()
			group := grouper.NewParallel(nil, grouper.Members{{"traced", runner}})
			process := ifrit.Background(group)
			runner.TriggerReady()
			<-process.Ready()
			process.Signal(interrupt)
			runner.WaitForSignal()
			runner.TriggerExit(errors.New("traced error"))
			<-process.Wait()
		})
		for _, text := range []string{"traced", "start", "ready", "signal", "exit"} {
			Expect(recorded).To(ContainSubstring(counted(text)))
		}
		for _, text := range []string{"traced: ready", "traced: signal interrupt", "traced: exit traced error"} {
			Expect(recorded).To(ContainSubstring(counted(text)))
		}
	})

	It("I5: has no signal for a member that has exited", func() {
		leaver, stayer := fakes.NewRunner(), fakes.NewRunner()
		group := grouper.NewParallel(nil, grouper.Members{{"leaver", leaver}, {"stayer", stayer}})
		process := ifrit.Background(group)
		leaver.TriggerExit(nil)
		Eventually(func() grouper.State { return inspect(group).Members[0].State }).WithTimeout(forever).Should(Equal(grouper.StateExited))
		recorded := recording(func() {
			process.Signal(interrupt)
			stayer.WaitForSignal()
			stayer.TriggerExit(nil)
			<-process.Wait()
		})
		Expect(strings.Contains(recorded, "stayer: signal")).To(BeTrue())
		Expect(strings.Contains(recorded, "leaver")).To(BeFalse())
	})

	It("I5: says whose event it is even in a later recording", func() {
		runner := fakes.NewRunner()
		var process ifrit.Process
		recording(func() {
			process = ifrit.Background(grouper.NewParallel(nil, grouper.Members{{"traced", runner}}))
			runner.WaitForStart()
		})
		Expect(recording(func() {
			runner.TriggerExit(nil)
			<-process.Wait()
		})).To(ContainSubstring(counted("traced: exit nil")))
	})

	It("I5: has members that were started before as tasks", func() {
		runner := fakes.NewRunner()
		process := ifrit.Background(grouper.NewParallel(nil, grouper.Members{{"traced", runner}}))
		runner.WaitForStart()
		recorded := recording(func() {
			runner.TriggerExit(nil)
			<-process.Wait()
		})
		Expect(recorded).To(ContainSubstring(counted("traced")))
	})

	// The race detector checks that this is safe.
	It("I5: has members that are signaled while they start", func() {
		recorded := recording(func() {
			members := make(grouper.Members, 100)
			for i := range members {
				members[i] = grouper.Member{fmt.Sprint("traced ", i), untilSignaled}
			}
			process := ifrit.Background(grouper.NewParallel(nil, members))
			process.Signal(interrupt)
			<-process.Wait()
		})
		Expect(recorded).To(ContainSubstring(counted("traced 99: signal interrupt")))
	})

	// The race detector checks that this is safe.
	It("I5, I1: allows anyone to inspect starting members", func() {
		members := crowd(100, untilSignaled)
		group := grouper.NewOrdered(nil, members)
		recording(func() {
			process := ifrit.Background(group)
			for inspect(group).State != grouper.StateReady {
				runtime.Gosched()
			}
			process.Signal(interrupt)
			<-process.Wait()
		})
	})

	It("I5: has the signal of a client", func() {
		group := grouper.NewDynamic(nil, 0, 0)
		ifrit.Invoke(group)
		recorded := recording(func() {
			group.Client().Inserter() <- grouper.Member{"member", untilSignaled}
			process, _ := group.Client().Get("member")
			process.Signal(interrupt)
			<-process.Wait()
		})
		group.Client().Close()
		Expect(strings.Contains(recorded, counted("member: signal interrupt"))).To(BeTrue())
	})

	It("I5: has nothing about a member after its exit, even if a client signals it", func() {
		group := grouper.NewDynamic(nil, 0, 0)
		ifrit.Invoke(group)
		runner := fakes.NewRunner()
		var process ifrit.Process
		first := recording(func() {
			group.Client().Inserter() <- grouper.Member{"leaver", runner}
			process, _ = group.Client().Get("leaver")
			runner.TriggerExit(nil)
			<-process.Wait()
			process.Signal(interrupt)
		})
		later := recording(func() { process.Signal(interrupt) })
		group.Client().Close()
		Expect(strings.Contains(first, "leaver: exit")).To(BeTrue())
		Expect(strings.Contains(first, "leaver: signal")).To(BeFalse())
		Expect(strings.Contains(later, "leaver")).To(BeFalse())
	})
})

// recording returns the execution trace of what body does.
func recording(body func()) string {
	GinkgoHelper()
	var recorded bytes.Buffer
	Expect(trace.Start(&recorded)).To(Succeed())
	defer trace.Stop()
	body()
	trace.Stop()
	return recorded.String()
}

// counted returns a text as execution traces have it, after its length.
func counted(text string) string { return string(rune(len(text))) + text }
