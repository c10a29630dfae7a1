package grouper_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"runtime"
	"runtime/pprof"
	"runtime/trace"
	"slices"
	"strings"
	"sync"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/seed-3b777528/grouper"
	"github.com/seed-3b777528/grouper/fakes"
	"github.com/tedsuo/ifrit"
	"github.com/tedsuo/ifrit/restart"
)

func inspect(group ifrit.Runner) grouper.Status {
	GinkgoHelper()
	status, ok := grouper.Inspect(group)
	Expect(ok).To(BeTrue())
	return status
}

// states gives the group's and its members' states.
func states(group ifrit.Runner) []grouper.State {
	GinkgoHelper()
	status := inspect(group)
	states := []grouper.State{status.State}
	for _, member := range status.Members {
		states = append(states, member.State)
	}
	return states
}

var _ = Describe("Inspect", func() {
	const (
		pending, starting, isReady = grouper.StatePending, grouper.StateStarting, grouper.StateReady
		failed, stopping, exited   = grouper.StateFailed, grouper.StateStopping, grouper.StateExited
	)

	It("I1: knows only the groups of this package", func() {
		for _, other := range []ifrit.Runner{nil, untilSignaled, restart.Restarter{Runner: grouper.NewParallel(nil, nil)}} {
			status, ok := grouper.Inspect(other)
			Expect(ok).To(BeFalse())
			Expect(status).To(BeZero())
		}
	})

	for _, kind := range staticKinds {
		It("I1, I2: tells how far the members of a group have come that is "+kind.name, bubble(func() {
			members, runners := crew(2)
			group := kind.group(nil, members)
			Expect(states(group)).To(HaveExactElements(pending, pending, pending))
			run := start(group)
			Expect(inspect(group).Kind).To(Equal(grouper.Kind(kind.name)))
			ready(runners[0])
			Expect(states(group)).To(HaveExactElements(starting, isReady, starting))
			ready(runners[1])
			Expect(states(group)).To(HaveExactElements(isReady, isReady, isReady))
			exit(runners[0], errBoom)
			Expect(states(group)).To(HaveExactElements(isReady, exited, isReady))
			Expect(inspect(group).Members[0].Err).To(Equal(errBoom))
			Expect(inspect(group).Signal).To(BeNil())
			run.signal(interrupt)
			Expect(states(group)).To(HaveExactElements(stopping, exited, stopping))
			Expect(inspect(group).Signal).To(Equal(interrupt))
			exit(runners[1], nil)
			Expect(states(group)).To(HaveExactElements(exited, exited, exited))
			Expect(inspect(group).Members[1].Err).NotTo(HaveOccurred())
		}))
	}

	It("I2: tells since when, and for how long", bubble(func() {
		members, runners := crew(1)
		group := grouper.NewOrdered(nil, members)
		Expect(inspect(group).Members[0].Since).To(BeZero())
		Expect(inspect(group).Members[0].For).To(BeZero())
		began := time.Now()
		run := start(group)
		for _, next := range []func(){
			func() { ready(runners[0]) },
			func() { run.signal(interrupt) },
			func() { exit(runners[0], nil) },
		} {
			time.Sleep(time.Minute)
			next()
			changed := time.Now()
			time.Sleep(time.Hour)
			status := inspect(group)
			Expect(status.Since).To(BeTemporally("==", changed))
			Expect(status.For).To(Equal(time.Hour))
			Expect(status.Members[0].Since).To(BeTemporally("==", changed))
			Expect(status.Members[0].For).To(Equal(time.Hour))
			Expect(changed).To(BeTemporally(">", began))
		}
	}))

	It("I2: sees a member ready whose group waits for an earlier one", bubble(func() {
		members, runners := crew(3)
		group := grouper.NewParallel(nil, members)
		start(group)
		ready(runners[2])
		Expect(states(group)).To(HaveExactElements(starting, starting, starting, isReady))
		Expect(inspect(group).WaitingFor()).To(HaveExactElements("a", "b"))
		exitAll(runners...)
	}))

	It("I2: tells of a start-up that is over (G5)", bubble(func() {
		members, runners := crew(3)
		group := grouper.NewOrdered(nil, members)
		start(group)
		ready(runners[0])
		time.Sleep(time.Minute)
		exit(runners[1], errBoom)
		failure := time.Now()
		time.Sleep(time.Hour)
		Expect(states(group)).To(HaveExactElements(failed, isReady, exited, pending))
		Expect(inspect(group).Since).To(BeTemporally("==", failure))
		Expect(inspect(group).For).To(Equal(time.Hour))
		Expect(inspect(group).WaitingFor()).To(BeEmpty())
		exit(runners[0], nil)
		Expect(states(group)).To(HaveExactElements(exited, exited, exited, pending))
	}))

	It("I2: lists the running members of a dynamic group, in the order of their inserts", bubble(func() {
		group := grouper.NewDynamic(nil, 0, 0)
		Expect(states(group)).To(HaveExactElements(pending))
		start(group)
		members, runners := crew(3)
		for _, i := range []int{2, 0, 1} {
			time.Sleep(time.Second)
			group.Client().Inserter() <- members[i]
			settle()
		}
		ready(runners[1])
		exit(runners[0], nil)
		status := inspect(group)
		Expect(status.Kind).To(Equal(grouper.KindDynamic))
		Expect([]string{status.Members[0].Name, status.Members[1].Name}).To(HaveExactElements("c", "b"))
		Expect(states(group)).To(HaveExactElements(isReady, starting, isReady))
		Expect(status.WaitingFor()).To(BeEmpty())
		Expect(status.Closed).To(BeFalse())
		group.Client().Close()
		status = inspect(group)
		Expect(status.Closed).To(BeTrue())
		Expect(status.WaitingFor()).To(HaveExactElements("c", "b"))
		Expect(status.String()).To(ContainSubstring("closed"))
		exitAll(runners...)
		Expect(states(group)).To(HaveExactElements(exited))
	}))

	It("I2: tells of groups in groups, of each in its latest run", bubble(func() {
		members, runners := crew(3)
		inner := grouper.NewOrdered(nil, members[1:])
		outer := grouper.NewOrdered(nil, grouper.Members{members[0], {"inner", inner}})
		innerStates := func() []grouper.State {
			group := *inspect(outer).Members[1].Group
			return []grouper.State{group.State, group.Members[0].State, group.Members[1].State}
		}
		Expect(innerStates()).To(HaveExactElements(pending, pending, pending))
		start(outer)
		ready(runners[0])
		ready(runners[1])
		Expect(innerStates()).To(HaveExactElements(starting, isReady, starting))
		exitAll(runners...)
		Expect(innerStates()).To(HaveExactElements(exited, exited, exited))

		start(outer) // S2
		Expect(innerStates()).To(HaveExactElements(pending, pending, pending))
		Expect(states(inner)).To(HaveExactElements(exited, exited, exited))
		exitAll(runners...)
	}))

	It("I2: lists members that were inserted in one moment in the order of their inserts", bubble(func() {
		group := grouper.NewDynamic(nil, 0, 0)
		start(group)
		members, runners := crew(10)
		slices.Reverse(members)
		var names []string
		for _, member := range members {
			group.Client().Inserter() <- member
			names = append(names, member.Name)
		}
		settle()
		var listed []string
		for _, member := range inspect(group).Members {
			listed = append(listed, member.Name)
		}
		Expect(listed).To(Equal(names))
		group.Client().Close()
		exitAll(runners...)
	}))

	// In a bubble the time is before any that is noted outside of one.
	It("I2: tells of a group that has run that it is pending, as a member that is", func() {
		inner := grouper.NewParallel(nil, grouper.Members{{"nobody", nil}})
		outer := grouper.NewOrdered(nil, grouper.Members{{"inner", inner}})
		<-ifrit.Background(inner).Wait()
		Expect(states(inner)).To(HaveExactElements(exited, exited))
		Expect(inspect(outer).Members[0].Group.State).To(Equal(pending))
	})

	It("I2: tells of a dynamic group that it is pending, as a member that it refused to run as (D10)", bubble(func() {
		inner := grouper.NewDynamic(nil, 0, 0)
		inner.Client().Close()
		outer := grouper.NewParallel(nil, grouper.Members{{"inner", inner}})
		start(outer)
		Expect(inspect(outer).Members[0].Group.State).To(Equal(exited))
		time.Sleep(time.Second)
		start(outer)
		Expect(inspect(outer).Members[0].Err).To(HaveOccurred())
		Expect(inspect(outer).Members[0].Group.State).To(Equal(pending))
	}))

	// The race detector tells if this is not safe.
	for _, kind := range allKinds {
		It("I1: may be called by anyone while members start and exit in a group that is "+kind.name, func() {
			members := make(grouper.Members, 100)
			for i := range members {
				members[i] = grouper.Member{fmt.Sprint(i), untilSignaled}
			}
			group, begin := inspectable(kind, members)
			var callers sync.WaitGroup
			for range 2 {
				callers.Go(func() {
					for status, _ := grouper.Inspect(group); status.State != exited; status, _ = grouper.Inspect(group) {
						runtime.Gosched()
					}
				})
			}
			process := begin()
			process.Signal(interrupt)
			Eventually(process.Wait()).WithTimeout(forever).Should(Receive())
			callers.Wait()
		})
	}

	It("I1: takes nothing from a member that sends on its ready channel", bubble(func() {
		sender := ifrit.RunFunc(func(signals <-chan os.Signal, ready chan<- struct{}) error {
			<-signals
			ready <- struct{}{}
			<-signals
			return nil
		})
		group := grouper.NewParallel(nil, grouper.Members{{"a", sender}, {"b", untilSignaled}})
		process := start(group)
		inspect(group)
		process.signal(interrupt) // stops b, and shuts the group down
		inspect(group)
		settle()
		process.signal(interrupt)
		Expect(process.exited).To(BeTrue())
	}))
})

var _ = Describe("A status", func() {
	It("I3: gives the paths of the members that hold up the start-up, and marks them", bubble(func() {
		tree := newTree()
		run := start(tree.root)
		ready(tree.store)
		ready(tree.health)
		time.Sleep(1500 * time.Millisecond)
		status := inspect(tree.root)
		Expect(status.WaitingFor()).To(HaveExactElements("servers/api"))
		Expect("\n" + status.String()).To(Equal(`
ordered group   starting  1.5s
├── store       ready     1.5s
├── jobs        ready     1.5s  dynamic group
└── servers     starting  1.5s  parallel group
    ├── api     starting  1.5s  <- waiting
    └── health  ready     0s
`))
		run.signal(interrupt)
		exitAll(tree.api, tree.health, tree.store)
	}))

	It("I3: gives the paths of the members that hold up the shutdown, and marks them", bubble(func() {
		tree := newTree()
		run := start(tree.root)
		for _, runner := range []*fakes.Runner{tree.store, tree.api, tree.health} {
			ready(runner)
		}
		tree.jobs.Client().Inserter() <- grouper.Member{"job 1", tree.job}
		time.Sleep(100 * time.Minute)
		run.signal(terminate)
		exit(tree.health, fmt.Errorf("two\nlines"))
		exit(tree.api, nil)
		time.Sleep(time.Second)
		status := inspect(tree.root)
		Expect(status.WaitingFor()).To(HaveExactElements("jobs/job 1"))
		Expect("\n" + status.String()).To(Equal(`
ordered group   stopping  1s       terminated
├── store       ready     1h40m1s
├── jobs        stopping  1s       dynamic group, terminated
│   └── job 1   stopping  1s       <- waiting
└── servers     exited    1s       parallel group, terminated, error: Exit trace for group:; health exited with error: two; lines; api exited with nil
    ├── api     exited    1s
    └── health  exited    1s       error: two; lines
`))
		exitAll(tree.job, tree.store)
		Expect(run.exited).To(BeTrue())
		Expect(inspect(tree.root).WaitingFor()).To(BeEmpty())
	}))

	It("I3: gives all of them, and a group itself that waits for nobody", bubble(func() {
		members, runners := crew(4)
		inner := grouper.NewParallel(nil, members[1:3])
		stuck := grouper.NewParallel(nil, grouper.Members{{"nobody", nil}, members[3]})
		group := grouper.NewParallel(nil, grouper.Members{members[0], {"inner", inner}, {"stuck", stuck}})
		start(group)
		Expect(inspect(group).WaitingFor()).To(HaveExactElements("a", "inner/b", "inner/c", "stuck"))
		Expect(inspect(group).String()).To(ContainSubstring("parallel group, <- waiting\n"))
		exitAll(runners...)
	}))

	It("I3: is of a closed group held up by those that have not exited, until it has", func() {
		status := grouper.Status{State: grouper.StateReady, Closed: true, Members: []grouper.MemberStatus{
			{Name: "a", State: grouper.StateExited}, {Name: "b", State: grouper.StateReady},
		}}
		Expect(status.WaitingFor()).To(HaveExactElements("b"))
		status.State = grouper.StateExited
		Expect(status.WaitingFor()).To(BeEmpty())
	})

	It("I3: is drawn with ages that have no more digits than anybody reads", func() {
		for age, want := range map[time.Duration]string{
			1500400 * time.Microsecond: "  1.5s\n",
			59900 * time.Millisecond:   "  59.9s\n",
			90400 * time.Millisecond:   "  1m30s\n",
		} {
			Expect(grouper.Status{State: grouper.StateReady, For: age}.String()).To(HaveSuffix(want))
		}
	})

	It("I2: marshals to JSON with words in it", bubble(func() {
		members, runners := crew(2)
		inner := grouper.NewDynamic(nil, 0, 0)
		group := grouper.NewParallel(nil, append(members, grouper.Member{"inner", inner}))
		pending, err := json.Marshal(inspect(group))
		Expect(err).NotTo(HaveOccurred())
		Expect(pending).To(MatchJSON(`{"kind": "parallel", "state": "pending", "members": [
			{"name": "a", "state": "pending"}, {"name": "b", "state": "pending"},
			{"name": "inner", "state": "pending", "group": {"kind": "dynamic", "state": "pending", "members": []}}]}`))

		run := start(group)
		exit(runners[0], errBoom)
		time.Sleep(90 * time.Second)
		run.signal(terminate)
		time.Sleep(time.Second)
		running, err := json.Marshal(inspect(group))
		Expect(err).NotTo(HaveOccurred())
		Expect(running).To(MatchJSON(`{"kind": "parallel", "state": "stopping", "since": "2000-01-01T00:01:30Z", "for": "1s",
			"signal": "terminated", "waitingFor": ["b"], "members": [
			{"name": "a", "state": "exited", "since": "2000-01-01T00:00:00Z", "for": "1m31s", "error": "boom"},
			{"name": "b", "state": "stopping", "since": "2000-01-01T00:01:30Z", "for": "1s"},
			{"name": "inner", "state": "exited", "since": "2000-01-01T00:01:30Z", "for": "1s",
			 "group": {"kind": "dynamic", "state": "exited", "since": "2000-01-01T00:01:30Z", "for": "1s",
			 "signal": "terminated", "closed": true, "members": []}}]}`))
		exitAll(runners...)
	}))

	It("I3: is drawn on one line a member, whatever the names", func() {
		group := grouper.NewParallel(nil, grouper.Members{{"two\nlines", nil}, {"", nil}})
		Expect("\n" + inspect(group).String()).To(Equal(`
parallel group    pending
├── "two\nlines"  pending
└──               pending
`))
	})

	It("is of nobody's concern when it is zero", func() {
		var status grouper.Status
		Expect(status.WaitingFor()).To(BeEmpty())
		Expect(status.String()).To(Equal("group\n"))
	})
})

// inspectable makes a group of any kind that is not inside of another runner,
// and what starts it and its members.
func inspectable(kind kind, members grouper.Members) (ifrit.Runner, func() ifrit.Process) {
	if kind.name != "dynamic" {
		group := kind.group(nil, members)
		return group, func() ifrit.Process { return ifrit.Invoke(group) }
	}
	group := grouper.NewDynamic(nil, 0, 0)
	return group, func() ifrit.Process {
		process := ifrit.Invoke(group)
		for _, member := range members {
			group.Client().Inserter() <- member
		}
		return process
	}
}

// A stuckTree has a group of each strategy in it.
type stuckTree struct {
	root                    ifrit.Runner
	jobs                    grouper.DynamicGroup
	store, api, health, job *fakes.Runner
}

func newTree() stuckTree {
	t := stuckTree{nil, grouper.NewDynamic(nil, 0, 0), fakes.NewRunner(), fakes.NewRunner(), fakes.NewRunner(), fakes.NewRunner()}
	servers := grouper.NewParallel(nil, grouper.Members{{"api", t.api}, {"health", t.health}})
	t.root = grouper.NewOrdered(nil, grouper.Members{{"store", t.store}, {"jobs", t.jobs}, {"servers", servers}})
	return t
}

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
		recording := func(body func()) string {
			var recorded bytes.Buffer
			Expect(trace.Start(&recorded)).To(Succeed())
			body()
			trace.Stop()
			return recorded.String()
		}
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

	// The race detector tells if this is not safe.
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

	It("I5: is all that an error's text is asked for", func() {
		err := silent{}
		process := ifrit.Background(grouper.NewParallel(nil, grouper.Members{{"a", ifrit.RunFunc(func(<-chan os.Signal, chan<- struct{}) error {
			return err
		})}}))
		Expect(errors.Is(<-process.Wait(), err)).To(BeTrue())
	})
})

// counted is a text as it is in an execution trace, behind its length.
func counted(text string) string { return string(rune(len(text))) + text }

// A silent error has no text.
type silent struct{}

func (silent) Error() string { panic("nobody asked") }
