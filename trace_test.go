package grouper_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"runtime"
	"runtime/pprof"
	"runtime/trace"
	"strings"
	"sync/atomic"
	"testing"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/seed-3b777528/grouper"
	"github.com/seed-3b777528/grouper/fakes"
	"github.com/tedsuo/ifrit"
)

var _ = Describe("A member's goroutine", func() {
	It("I4: is labeled with its path, and so is what it starts", bubble(func() {
		helper := func(stop <-chan struct{}) { <-stop }
		member := ifrit.RunFunc(func(signals <-chan os.Signal, ready chan<- struct{}) error {
			stop := make(chan struct{})
			defer close(stop)
			go helper(stop)
			close(ready)
			<-signals
			return nil
		})
		jobs := grouper.NewDynamic(interrupt, 0, 0)
		inner := grouper.NewQueueOrdered(interrupt, grouper.Members{{"deep", member}, {"jobs", jobs}})
		wrapped := ifrit.RunFunc(grouper.NewParallel(interrupt, grouper.Members{{"fresh", member}}).Run)
		run := start(grouper.NewParallel(interrupt, grouper.Members{{"plain", member}, {"inner", inner}, {"wrapper", wrapped}}))
		jobs.Client().Inserter() <- grouper.Member{"job", member}
		settle()
		Expect(labels()).To(And(
			HaveKeyWithValue("plain", 2), HaveKeyWithValue("inner/deep", 2), HaveKeyWithValue("inner/jobs/job", 2),
			HaveKeyWithValue("inner", 1), HaveKeyWithValue("inner/jobs", 1),
			HaveKeyWithValue("wrapper", 1), HaveKeyWithValue("fresh", 2),
		))
		run.signal(interrupt)
		Expect(run.exited).To(BeTrue())
	}))
})

// labels counts the goroutines that are labeled with each path.
func labels() map[string]int {
	var profile bytes.Buffer
	Expect(pprof.Lookup("goroutine").WriteTo(&profile, 1)).To(Succeed())
	counts := make(map[string]int)
	count := 0
	for line := range strings.Lines(profile.String()) {
		if n, err := fmt.Sscanf(line, "%d @", &count); n == 1 && err == nil {
			continue
		}
		var path string
		if n, err := fmt.Sscanf(line, `# labels: {"grouper.member":%q}`, &path); n == 1 && err == nil {
			counts[path] += count
		}
	}
	return counts
}

var _ = Describe("An execution trace", func() {
	It("I5: has each member's start, ready, signals and exit", func() {
		var recorded bytes.Buffer
		Expect(trace.Start(&recorded)).To(Succeed())
		runner := fakes.NewRunner()
		group := grouper.NewParallel(nil, grouper.Members{{"traced", runner}})
		process := ifrit.Background(group)
		runner.TriggerReady()
		<-process.Ready()
		process.Signal(interrupt)
		runner.WaitForSignal()
		runner.TriggerExit(errors.New("traced error"))
		<-process.Wait()
		trace.Stop()
		for _, text := range []string{"traced", "start", "ready", "signal", "exit"} {
			Expect(recorded.String()).To(ContainSubstring(counted(text)))
		}
		for _, text := range []string{"traced: ready", "traced: signal interrupt", "traced: exit traced error"} {
			Expect(recorded.String()).To(ContainSubstring(counted(text)))
		}
	})

	It("I5: has no signal for a member that has exited", func() {
		leaver, stayer := fakes.NewRunner(), fakes.NewRunner()
		group := grouper.NewParallel(nil, grouper.Members{{"leaver", leaver}, {"stayer", stayer}})
		process := ifrit.Background(group)
		leaver.TriggerExit(nil)
		Eventually(func() grouper.State { return inspect(group).Members[0].State }).Should(Equal(grouper.StateExited))
		var recorded bytes.Buffer
		Expect(trace.Start(&recorded)).To(Succeed())
		process.Signal(interrupt)
		stayer.WaitForSignal()
		stayer.TriggerExit(nil)
		<-process.Wait()
		trace.Stop()
		Expect(strings.Contains(recorded.String(), "stayer: signal")).To(BeTrue())
		Expect(strings.Contains(recorded.String(), "leaver")).To(BeFalse())
	})

	It("I5: tells of whom an event is also in a later recording", func() {
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
		var recorded bytes.Buffer
		Expect(trace.Start(&recorded)).To(Succeed())
		runner.TriggerExit(nil)
		<-process.Wait()
		trace.Stop()
		Expect(recorded.String()).To(ContainSubstring(counted("traced")))
	})

	// The race detector checks that this is safe.
	It("I5: has members that are signaled while they start", func() {
		var recorded bytes.Buffer
		Expect(trace.Start(&recorded)).To(Succeed())
		members := make(grouper.Members, 100)
		for i := range members {
			members[i] = grouper.Member{fmt.Sprint("traced ", i), untilSignaled}
		}
		process := ifrit.Background(grouper.NewParallel(nil, members))
		process.Signal(interrupt)
		<-process.Wait()
		trace.Stop()
		Expect(recorded.String()).To(ContainSubstring(counted("traced 99: signal interrupt")))
	})

	// The race detector checks that this is safe.
	It("I5, I1: lets anyone inspect members that start", func() {
		members := make(grouper.Members, 100)
		for i := range members {
			members[i] = grouper.Member{fmt.Sprint(i), untilSignaled}
		}
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

	It("I5: has nothing of a member after its exit, even if a client signals it", func() {
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

	for how := range mutes {
		It("I5: ends no program whose errors and signals "+how+" when asked for their text", func() {
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
			recording(run)
			Expect(signal.times.Load()).To(BeNumerically("<=", 1))
		})
	})

	It("I5: is all that an error's text is asked for", func() {
		err := silent{}
		process := ifrit.Background(grouper.NewParallel(nil, grouper.Members{{"a", ifrit.RunFunc(func(<-chan os.Signal, chan<- struct{}) error {
			return err
		})}}))
		Expect(errors.Is(<-process.Wait(), err)).To(BeTrue())
	})
})

// recording is the execution trace of what body does.
func recording(body func()) string {
	GinkgoHelper()
	var recorded bytes.Buffer
	Expect(trace.Start(&recorded)).To(Succeed())
	defer trace.Stop()
	body()
	trace.Stop()
	return recorded.String()
}

// counted is a text as it is in an execution trace, behind its length.
func counted(text string) string { return string(rune(len(text))) + text }

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
// a process of its own, which an unguarded call for the text ends.
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
