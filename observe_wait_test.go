package grouper_test

import (
	"errors"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"testing"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/seed-3b777528/grouper"
	"github.com/tedsuo/ifrit"
)

var _ = Describe("Observe", func() {
	It("V4, V7: says exactly when members are ready, even in a parallel group where earlier ones are not", bubble(func() {
		const n = 12
		members, runners := crew(n)
		late := ifrit.RunFunc(func(signals <-chan os.Signal, ready chan<- struct{}) error {
			time.Sleep(4 * time.Second)
			ready <- struct{}{}
			<-signals
			return nil
		})
		members[3].Runner = late
		members[n-2].Runner = late
		members[n-1].Runner = grouper.Wrap(late, transparent)
		events, tree := watched(grouper.NewParallel(nil, members))
		run := start(tree)
		at := map[string]time.Time{}
		for i := range n - 2 {
			time.Sleep(time.Second)
			if name := members[i].Name; i == 3 {
				at[name], at["k"], at["l"] = time.Now(), time.Now(), time.Now()
			} else {
				ready(runners[i])
				at[name] = time.Now()
			}
			settle()
		}
		at[""] = time.Now()
		Expect(run.isReady()).To(BeTrue())
		readiness := 0
		for _, event := range events.events {
			if event.State == grouper.StateReady {
				readiness++
				Expect(event.At).To(BeTemporally("==", at[event.Path]), event.Path)
			}
		}
		Expect(readiness).To(Equal(n + 2))
		for _, member := range inspect(tree).Members {
			Expect(member.Times.Ready.Equal(at[member.Name])).To(BeTrue())
		}
		run.signal(interrupt)
		exitAll(slices.Delete(runners[:n-2], 3, 4)...)
	}))

	It("V4: costs at most one goroutine per member while it starts, none afterwards, and two of its own", bubble(func() {
		const n = 20
		members, runners := crew(n)
		_, tree := watched(grouper.NewParallel(nil, members))
		run := start(tree)
		Expect(goroutines()).To(And(BeNumerically(">", n+2), BeNumerically("<=", 2*n+2)))
		for _, runner := range runners {
			ready(runner)
		}
		Expect(goroutines()).To(Equal(n+2), "members, loop, and the observer's")
		exitAll(runners...)
		Expect(run.exited).To(BeTrue())
		Expect(goroutines()).To(BeZero())
	}))

	It("V5, G10: delays only the return of Run if the observer is slow, and loses nothing", bubble(func() {
		members, runners := crew(3)
		gate := make(chan struct{})
		var told []string
		tree := grouper.Observe(grouper.NewOrdered(nil, members), func(event grouper.Event) {
			<-gate
			told = append(told, describe(event))
		})
		run := start(tree)
		for _, runner := range runners {
			ready(runner)
		}
		Expect(run.isReady()).To(BeTrue())
		run.signal(interrupt)
		for _, runner := range slices.Backward(runners) {
			exit(runner, nil)
		}
		Expect(inspect(tree).State).To(Equal(grouper.StateExited))
		Expect(run.exited).To(BeFalse())
		Expect(told).To(BeEmpty())
		for range 4*(3+1) - 1 {
			gate <- struct{}{}
		}
		settle()
		Expect(run.exited).To(BeFalse())
		gate <- struct{}{}
		settle()
		Expect(run.exited).To(BeTrue())
		Expect(told).To(HaveLen(4 * (3 + 1)))
		Expect(told[len(told)-1]).To(Equal(". exited"))
	}))

	It("V5: has reported every event when Run returns", func() {
		for range 300 {
			last := ""
			tree := grouper.Observe(grouper.NewParallel(nil, grouper.Members{{"a", leaver}}), func(event grouper.Event) { last = describe(event) })
			Expect(tree.Run(nil, nil)).To(Succeed())
			Expect(last).To(Equal(". exited"))
		}
	})

	It("V5: does not call an observer again that ended its goroutine with Goexit", bubble(func() {
		calls := 0
		events, tree := watched(grouper.Observe(grouper.NewOrdered(nil, grouper.Members{{"a", untilSignaled}}), func(grouper.Event) {
			if calls++; calls == 2 {
				runtime.Goexit()
			}
		}))
		run := start(tree)
		Expect(run.isReady()).To(BeTrue())
		run.signal(interrupt)
		Expect(run.exited).To(BeTrue())
		Expect(calls).To(Equal(2))
		Expect(events.told()).To(HaveLen(8))
	}))

	It("V5: ends the program if the observer panics, before Run returns", func() {
		for range 20 {
			command := child("^TestPanicInObserver$")
			command.Env = append(command.Env, observerVariable+"=1")
			output, err := command.CombinedOutput()
			var exit *exec.ExitError
			Expect(errors.As(err, &exit)).To(BeTrue(), string(output))
			Expect(string(output)).To(ContainSubstring("the observer's panic"))
		}
	})

	It("V5, W5: reports the exit of a run that panics, and leaves nothing behind if the panic is recovered", bubble(func() {
		events, observed := watched(ifrit.RunFunc(func(_ <-chan os.Signal, ready chan<- struct{}) error {
			close(ready)
			panic(errBoom)
		}))
		run := start(grouper.Wrap(observed, recovering))
		Expect(run.err).To(Equal(errBoom))
		Expect(events.told()).To(HaveExactElements(". starting", ". ready", ContainSubstring(". exited: grouper: run ended by a panic")))
	}))

	It("V5, G8: does not hold up a panic until the observer returns", bubble(func() {
		release := make(chan struct{})
		observed := grouper.Observe(ifrit.RunFunc(func(<-chan os.Signal, chan<- struct{}) error { panic(errBoom) }),
			func(grouper.Event) { <-release })
		run := start(grouper.Wrap(observed, recovering))
		Expect(run.err).To(Equal(errBoom))
		close(release)
	}))

	It("V5, G8: reports Goexit as an exit", bubble(func() {
		events, tree := watched(grouper.NewOrdered(nil, grouper.Members{{"a", ifrit.RunFunc(func(<-chan os.Signal, chan<- struct{}) error {
			runtime.Goexit()
			return nil
		})}}))
		start(tree)
		Expect(events.of("a")).To(HaveExactElements("a starting", ContainSubstring("runtime.Goexit")))
		var told []string
		alone := grouper.Observe(ifrit.RunFunc(func(<-chan os.Signal, chan<- struct{}) error {
			runtime.Goexit()
			return nil
		}), func(event grouper.Event) { told = append(told, describe(event)) })
		start(alone)
		Expect(told).To(HaveExactElements(". starting", ContainSubstring("runtime.Goexit")))
	}))
})

// observerVariable has a child process run TestPanicInObserver.
const observerVariable = "GROUPER_TEST_OBSERVER"

// TestPanicInObserver ends with the panic of an observer, in a process of its
// own, unless Run returns before that.
func TestPanicInObserver(t *testing.T) {
	if os.Getenv(observerVariable) == "" {
		t.Skip("runs in child processes of the specs")
	}
	tree := grouper.Observe(grouper.NewParallel(nil, grouper.Members{{"a", nil}}), func(grouper.Event) { panic("the observer's panic") })
	_ = tree.Run(nil, nil)
	os.Exit(0)
}
