package grouper_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/seed-3b777528/grouper"
	"github.com/seed-3b777528/grouper/fakes"
	"github.com/tedsuo/ifrit"
)

// An eventLog is what an observer has been told. It is read when nothing
// happens any more.
type eventLog struct{ events []grouper.Event }

// watched observes a runner.
func watched(runner ifrit.Runner) (*eventLog, ifrit.Runner) {
	log := new(eventLog)
	return log, grouper.Observe(runner, func(event grouper.Event) { log.events = append(log.events, event) })
}

// describe returns an event in a few words: "a#2 exited: boom".
func describe(event grouper.Event) string {
	text := event.Path
	if text == "" {
		text = "."
	}
	if event.Run > 0 {
		text += fmt.Sprintf("#%d", event.Run)
	}
	text += " " + string(event.State)
	if event.Signal != nil {
		text += ": " + event.Signal.String()
	}
	if event.Err != nil {
		text += ": " + strings.Join(strings.FieldsFunc(event.Err.Error(), func(r rune) bool { return r == '\n' }), "; ")
	}
	return text
}

func (l *eventLog) told() []string {
	var told []string
	for _, event := range l.events {
		told = append(told, describe(event))
	}
	return told
}

// of returns what was told of a path.
func (l *eventLog) of(path string) []string {
	var told []string
	for _, event := range l.events {
		if event.Path == path {
			told = append(told, describe(event))
		}
	}
	return told
}

func (l *eventLog) paths() []string {
	var paths []string
	for _, event := range l.events {
		paths = append(paths, event.Path)
	}
	slices.Sort(paths)
	return slices.Compact(paths)
}

var _ = Describe("Observe", func() {
	It("V1, V3: tells each step of a tree, in order", bubble(func() {
		servers := grouper.NewParallel(interrupt, grouper.Members{{"api", untilSignaled}})
		events, tree := watched(grouper.NewOrdered(interrupt, grouper.Members{{"store", untilSignaled}, {"servers", servers}}))
		run := start(tree)
		run.signal(terminate)
		Expect(run.err).NotTo(HaveOccurred())
		Expect(events.told()).To(HaveExactElements(
			". starting", "store starting", "store ready",
			"servers starting", "servers/api starting", "servers/api ready", "servers ready", ". ready",
			". stopping: terminated", "servers stopping: terminated", "servers/api stopping: terminated",
			"servers/api exited", "servers exited", "store stopping: terminated", "store exited", ". exited",
		))
	}))

	It("V1: tells stopping once for each signal that a group hands to a member", bubble(func() {
		members, runners := crew(2)
		events, tree := watched(grouper.NewParallel(nil, grouper.Members{members[0], {"inner", grouper.NewOrdered(nil, members[1:])}}))
		run := start(tree)
		for _, signal := range []os.Signal{interrupt, nil, interrupt, terminate} {
			run.signal(signal)
		}
		exitAll(runners...)
		stops := func(path string) []string {
			return slices.DeleteFunc(events.of(path), func(told string) bool { return !strings.Contains(told, "stopping") })
		}
		Expect(stops("")).To(HaveExactElements(". stopping: interrupt", ". stopping: interrupt", ". stopping: terminated"))
		Expect(stops("a")).To(HaveLen(3))
		Expect(stops("inner")).To(HaveLen(3))
		Expect(stops("inner/b")).To(HaveExactElements("inner/b stopping: interrupt", "inner/b stopping: terminated"), "O3 drops the repeat")
	}))

	It("V1: tells that a group has failed, of a member as of the observed group", bubble(func() {
		members, runners := crew(2)
		events, tree := watched(grouper.NewParallel(nil, grouper.Members{{"inner", grouper.Wrap(grouper.NewParallel(nil, members), transparent)}}))
		start(tree)
		exit(runners[0], errBoom)
		exit(runners[1], nil)
		Expect(events.told()).To(HaveExactElements(
			". starting", "inner starting", "inner#1 starting", "inner/a starting", "inner/b starting",
			"inner/a exited: boom", "inner failed", "inner/b exited",
			"inner#1 exited: Exit trace for group:; a exited with error: boom; b exited with nil",
			HavePrefix("inner exited: "), ". failed", HavePrefix(". exited: "),
		))
	}))

	It("V1, G4: tells no failure that begins the shutdown, but the termination signal", bubble(func() {
		quitter := fakes.NewRunner()
		events, tree := watched(grouper.NewParallel(hangUp, grouper.Members{{"a", untilSignaled}, {"b", quitter}}))
		start(tree)
		exit(quitter, errBoom)
		Expect(events.of("")).To(HaveExactElements(". starting", ". stopping: hangup", HavePrefix(". exited: ")))
		Expect(events.of("a")).To(HaveExactElements("a starting", "a ready", "a stopping: hangup", "a exited"))
		Expect(events.of("b")).To(HaveExactElements("b starting", "b exited: boom"))
	}))

	It("V1: passes signals to a runner that is no group, ignoring nil and a closed channel", bubble(func() {
		runner := fakes.NewRunner()
		events, tree := watched(runner)
		run := start(tree)
		ready(runner)
		Expect(run.isReady()).To(BeTrue())
		for _, signal := range []os.Signal{nil, interrupt, interrupt, terminate} {
			run.signal(signal)
		}
		close(run.signals)
		settle()
		Expect(runner.Signals()).To(HaveExactElements(interrupt, interrupt, terminate))
		exit(runner, errBoom)
		Expect(run.err).To(BeIdenticalTo(errBoom))
		Expect(events.told()).To(HaveExactElements(". starting", ". ready",
			". stopping: interrupt", ". stopping: interrupt", ". stopping: terminated", ". exited: boom"))
	}))

	It("V1, M2: takes signals at once from whoever sends them, in order, while the runner reads none", bubble(func() {
		end := make(chan struct{})
		var got []os.Signal
		events, tree := watched(ifrit.RunFunc(func(signals <-chan os.Signal, _ chan<- struct{}) error {
			<-end
			for range 100 {
				got = append(got, <-signals)
			}
			return nil
		}))
		run := start(tree)
		for _, signal := range numberedUpTo(200) {
			run.signals <- signal
		}
		close(end)
		settle()
		Expect(run.exited).To(BeTrue())
		Expect(got).To(Equal(numberedUpTo(100)))
		Expect(events.events).To(HaveLen(202))
	}))

	It("V1, O1: leaves it to a group when to take its signals", bubble(func() {
		members, runners := crew(2)
		_, tree := watched(grouper.NewOrdered(nil, members))
		r := &run{signals: make(chan os.Signal, 1), ready: make(chan struct{})}
		r.signals <- interrupt
		go func() { r.err = tree.Run(r.signals, r.ready); r.exited = true }()
		settle()
		Expect(starts(runners)).To(HaveExactElements(1, 0))
		exitAll(runners...)
		Expect(r.exited).To(BeTrue())
	}))

	It("V1, D3: tells the exit alone of a member that a dynamic group refused to start", bubble(func() {
		group := grouper.NewDynamic(nil, 0, 0)
		events, tree := watched(group)
		start(tree)
		group.Client().Inserter() <- grouper.Member{"a", untilSignaled}
		settle()
		time.Sleep(time.Second)
		settle()
		group.Client().Inserter() <- grouper.Member{"a", untilSignaled}
		settle()
		refused := events.events[len(events.events)-1]
		Expect(describe(refused)).To(Equal("a exited: Duplicate member name: a"))
		Expect(refused.After).To(BeZero())
		Expect(refused.At).To(BeTemporally("==", time.Now()))
		process, _ := group.Client().Get("a")
		process.Signal(interrupt)
		group.Client().Close()
		settle()
		Expect(events.of("a")).To(HaveExactElements("a starting", "a ready", HavePrefix("a exited: Dup"), "a exited"))
	}))

	It("V1: exits with ErrNilRunner without a runner, and observes nothing without an observer", bubble(func() {
		Expect(grouper.Observe(nil, func(grouper.Event) {}).Run(nil, nil)).To(Equal(grouper.ErrNilRunner))
		Expect(grouper.Observe(nil, nil).Run(nil, nil)).To(Equal(grouper.ErrNilRunner))
		for _, runner := range []ifrit.Runner{untilSignaled, grouper.NewOrdered(nil, grouper.Members{{"a", untilSignaled}})} {
			events, tree := watched(grouper.NewParallel(nil, grouper.Members{{"x", grouper.Observe(runner, nil)}}))
			run := start(tree)
			Expect(run.isReady()).To(BeTrue())
			Expect(events.of("x")).To(HaveExactElements("x starting", "x ready"))
			run.signal(interrupt)
			Expect(run.exited).To(BeTrue())
		}
	}))

	It("V1, G1: tells of a nil runner, of names that are not unique, and of a second run what Run returns", bubble(func() {
		events, tree := watched(grouper.NewParallel(nil, grouper.Members{{"nobody", nil}}))
		start(tree)
		Expect(events.of("nobody")).To(HaveExactElements("nobody starting", HavePrefix("nobody exited: ")))
		events, tree = watched(grouper.NewParallel(nil, grouper.Members{{"a", nil}, {"a", nil}}))
		start(tree)
		Expect(events.told()).To(HaveExactElements(". starting", ". exited: Duplicate member name: a"))
		dynamic := grouper.NewDynamic(nil, 0, 0)
		dynamic.Client().Close()
		start(dynamic)
		events, tree = watched(dynamic)
		start(tree)
		Expect(events.told()).To(HaveExactElements(". starting", ContainSubstring("runs only once")))
	}))

	It("V2: tells the runs in the innermost Wrap between the events of their member", bubble(func() {
		runs := 0
		flaky := ifrit.RunFunc(func(signals <-chan os.Signal, ready chan<- struct{}) error {
			if runs++; runs == 1 {
				close(ready)
				time.Sleep(time.Second)
				return errBoom
			}
			return untilSignaled(signals, ready)
		})
		events, tree := watched(grouper.NewOrdered(nil, grouper.Members{
			{"a", grouper.Wrap(grouper.Observe(grouper.Wrap(flaky, again), nil), sigmonned)},
		}))
		run := start(tree)
		time.Sleep(2 * time.Second)
		settle()
		run.signal(interrupt)
		Expect(events.told()).To(HaveExactElements(
			". starting", "a starting", "a#1 starting", "a#1 ready", "a ready", ". ready", "a#1 exited: boom", "a#2 starting", "a#2 ready",
			". stopping: interrupt", "a stopping: interrupt", "a#2 exited", "a exited", ". exited",
		))
	}))

	It("V2: tells them of the observed runner, too, each run of the Observe by itself", bubble(func() {
		events, tree := watched(grouper.Wrap(grouper.NewOrdered(nil, grouper.Members{{"leaf", untilSignaled}}), twice))
		for range 2 {
			events.events = nil
			run := start(tree)
			run.signal(interrupt)
			run.signal(interrupt)
			Expect(events.told()).To(HaveExactElements(
				". starting", ".#1 starting", "leaf starting", "leaf ready", ".#1 ready", ". ready",
				". stopping: interrupt", "leaf stopping: interrupt", "leaf exited", ".#1 exited",
				".#2 starting", "leaf starting", "leaf ready", ".#2 ready",
				". stopping: interrupt", "leaf stopping: interrupt", "leaf exited", ".#2 exited", ". exited",
			))
		}
	}))

	It("V3: calls the observer on one goroutine per Run, one event after the other", func() {
		goroutine := func() string {
			stack := make([]byte, 64)
			return strings.Fields(string(stack[:runtime.Stack(stack, false)]))[1]
		}
		for range 20 {
			members := make(grouper.Members, 30)
			for i := range members {
				members[i] = grouper.Member{fmt.Sprint(i), untilSignaled}
			}
			callers := make(map[string]int)
			tree := grouper.Observe(grouper.NewParallel(nil, members), func(grouper.Event) { callers[goroutine()]++ })
			process := ifrit.Invoke(tree)
			process.Signal(interrupt)
			<-process.Wait()
			Expect(callers).To(HaveLen(1))
			Expect(callers).To(ContainElement(4 * (30 + 1)))
		}
	})

	It("V3: keeps the order in which one thing causes another, however busy the tree is", func() {
		for range 20 {
			events, tree := watched(bushyTree(3))
			process := ifrit.Invoke(tree)
			process.Signal(interrupt)
			process.Signal(terminate)
			<-process.Wait()
			events.expectCausality()
		}
	})

	It("V4, V7: tells exactly when members are ready, also in a parallel group where earlier ones are not", bubble(func() {
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

	It("V5, G10: delays nothing but the return of Run if the observer is slow, and loses nothing", bubble(func() {
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

	It("V5: has told every event when Run returns", func() {
		for range 300 {
			last := ""
			quick := ifrit.RunFunc(func(<-chan os.Signal, chan<- struct{}) error { return nil })
			tree := grouper.Observe(grouper.NewParallel(nil, grouper.Members{{"a", quick}}), func(event grouper.Event) { last = describe(event) })
			Expect(tree.Run(nil, nil)).To(Succeed())
			Expect(last).To(Equal(". exited"))
		}
	})

	It("V5: calls an observer no more that ended its goroutine with Goexit", bubble(func() {
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

	It("V5, W5: tells the exit of a run that panics, and leaves nothing behind if that is recovered", bubble(func() {
		events, observed := watched(ifrit.RunFunc(func(_ <-chan os.Signal, ready chan<- struct{}) error {
			close(ready)
			panic(errBoom)
		}))
		run := start(grouper.Wrap(observed, recovering))
		Expect(run.err).To(Equal(errBoom))
		Expect(events.told()).To(HaveExactElements(". starting", ". ready", ContainSubstring(". exited: grouper: run ended by a panic")))
	}))

	It("V5, G8: tells of Goexit as of an exit", bubble(func() {
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

	It("V6: nests, in members and in Wraps, each observer with the paths below it", bubble(func() {
		innermost, leaves := watched(grouper.NewOrdered(nil, grouper.Members{{"leaf", untilSignaled}}))
		middle, wrapped := watched(grouper.Wrap(leaves, transparent))
		outer, tree := watched(grouper.NewOrdered(nil, grouper.Members{{"x/y", grouper.Wrap(wrapped, transparent)}}))
		twin, tree := watched(tree)
		run := start(tree)
		Expect(inspect(tree).Members[0].Group.Members).To(HaveLen(1))
		Expect(labels()).To(HaveKey("x/y/leaf"))
		run.signal(interrupt)
		Expect(innermost.told()).To(HaveExactElements(". starting", "leaf starting", "leaf ready", ". ready",
			". stopping: interrupt", "leaf stopping: interrupt", "leaf exited", ". exited"))
		Expect(middle.told()).To(HaveExactElements(". starting", ".#1 starting", "leaf starting", "leaf ready", ".#1 ready", ". ready",
			". stopping: interrupt", "leaf stopping: interrupt", "leaf exited", ".#1 exited", ". exited"))
		Expect(outer.told()).To(HaveExactElements(
			". starting", "x/y starting", "x/y#1 starting", "x/y/leaf starting", "x/y/leaf ready", "x/y#1 ready", "x/y ready", ". ready",
			". stopping: interrupt", "x/y stopping: interrupt", "x/y/leaf stopping: interrupt", "x/y/leaf exited", "x/y#1 exited", "x/y exited", ". exited"))
		Expect(twin.told()).To(Equal(outer.told()))
	}))

	It("V6: observes each run of a runner by itself, also at once", bubble(func() {
		told := make(map[string]int)
		runs := []*run{}
		tree := grouper.NewOrdered(nil, grouper.Members{{"leaf", untilSignaled}})
		for range 3 {
			events, observed := watched(tree)
			runs = append(runs, start(observed))
			defer func() { Expect(events.events).To(HaveLen(8)) }()
		}
		shared := grouper.Observe(tree, func(event grouper.Event) { told[describe(event)]++ })
		runs = append(runs, start(shared), start(shared))
		for _, run := range runs {
			run.signal(interrupt)
			Expect(run.exited).To(BeTrue())
		}
		Expect(told).To(HaveLen(8))
		Expect(told).To(HaveEach(2))
	}))

	It("V7: tells the times that Inspect shows, and how long after the event before", bubble(func() {
		members, runners := crew(2)
		members[1].Runner = grouper.Wrap(members[1].Runner, again)
		events, tree := watched(grouper.NewParallel(nil, grouper.Members{{"g", grouper.NewOrdered(nil, members)}}))
		run := start(tree)
		for _, step := range []func(){
			func() { ready(runners[0]) }, func() { ready(runners[1]) }, func() { exit(runners[1], errBoom) }, func() { ready(runners[1]) },
			func() { run.signal(interrupt) }, func() { run.signal(terminate) }, func() { exit(runners[1], nil) }, func() { exit(runners[0], nil) },
		} {
			time.Sleep(1500 * time.Millisecond)
			step()
		}
		Expect(run.exited).To(BeTrue())

		times := map[string]grouper.Times{"": inspect(tree).Times}
		for path, member := range inspect(tree).All() {
			times[path] = member.Times
			if member.Wrapped != nil {
				times[path+"#2"] = member.Wrapped.Times
			}
		}
		Expect(times).To(HaveLen(5))
		before := make(map[string]grouper.Event)
		stops := 0
		for _, event := range events.events {
			key := event.Path
			if event.Run > 0 {
				key += fmt.Sprintf("#%d", event.Run)
			}
			last, some := before[key]
			before[key] = event
			if some {
				Expect(event.After).To(Equal(event.At.Sub(last.At)), describe(event))
			} else {
				Expect(event.After).To(BeZero(), describe(event))
			}
			if last.State == grouper.StateStopping && event.State == grouper.StateStopping {
				stops++
				Expect(event.At).To(BeTemporally(">", times[key].Stopping), describe(event))
				continue
			}
			if key != "g/b#1" {
				Expect(timeOf(times[key], event.State).Equal(event.At)).To(BeTrue(), describe(event))
			}
		}
		Expect(stops).To(Equal(3), "the root, g, and b, which is stopped first")
	}))

	It("V7: tells times that never go back within one path and run, and equal those of Inspect, outside of bubbles too", func() {
		for range 20 {
			events, tree := watched(bushyTree(2))
			process := ifrit.Invoke(tree)
			process.Signal(interrupt)
			<-process.Wait()
			latest := make(map[string]time.Time)
			for _, event := range events.events {
				key := fmt.Sprint(event.Path, "#", event.Run)
				Expect(event.At.Before(latest[key])).To(BeFalse(), describe(event))
				latest[key] = event.At
			}
			for path, member := range inspect(tree).All() {
				Expect(member.Times.Exited.Equal(latest[path+"#0"])).To(BeTrue(), path)
			}
		}
	})

	It("V7: tells no time before the one told last, of members that become ready while their group signals them", func() {
		signaled := make(chan struct{})
		members := grouper.Members{{"first", grouper.WorkerFunc(func(ctx context.Context) error {
			<-ctx.Done()
			close(signaled)
			return nil
		})}}
		for i := range 5000 { // whose signals take the group a while
			members = append(members, grouper.Member{fmt.Sprint(i), untilSignaled})
		}
		for i := range 100 {
			members = append(members, grouper.Member{fmt.Sprint("late ", i), grouper.ContextFunc(func(ctx context.Context, ready func()) error {
				<-signaled
				ready()
				return untilDone(ctx)
			})})
		}
		events, tree := watched(grouper.NewParallel(nil, members))
		process := ifrit.Background(tree)
		for !slices.ContainsFunc(inspect(tree).Members, func(m grouper.MemberStatus) bool { return m.State == grouper.StateReady }) {
			runtime.Gosched()
		}
		process.Signal(interrupt)
		<-process.Wait()
		latest := make(map[string]time.Time)
		for _, event := range events.events {
			if event.At.Before(latest[event.Path]) || event.After < 0 {
				Fail(fmt.Sprintf("%s comes %v before the last event", describe(event), latest[event.Path].Sub(event.At)))
			}
			latest[event.Path] = event.At
		}
	})
})

func timeOf(times grouper.Times, state grouper.State) time.Time {
	return map[grouper.State]time.Time{
		grouper.StateStarting: times.Started, grouper.StateReady: times.Ready,
		grouper.StateStopping: times.Stopping, grouper.StateExited: times.Exited,
	}[state]
}

// bushyTree is a tree of static groups and Wraps, all members of which are
// ready at once.
func bushyTree(depth int) ifrit.Runner {
	if depth == 0 {
		return untilSignaled
	}
	var members grouper.Members
	for i := range 4 {
		members = append(members, grouper.Member{string(rune('a' + i)), bushyTree(depth - 1)})
	}
	members[1].Runner = grouper.Wrap(members[1].Runner, transparent)
	members[2].Runner = grouper.Observe(grouper.Wrap(members[2].Runner, sigmonned), nil)
	return staticKinds[depth%3].group(interrupt, members)
}

// expectCausality checks what holds for the events of any bushyTree.
func (l *eventLog) expectCausality() {
	GinkgoHelper()
	index := make(map[string]int)
	for i, event := range l.events {
		key := fmt.Sprintf("%s#%d %s", event.Path, event.Run, event.State)
		if _, known := index[key]; !known {
			index[key] = i
		}
	}
	before := func(earlier, later string) {
		GinkgoHelper()
		first, told := index[earlier]
		if then, too := index[later]; !told || !too || first >= then {
			Fail(fmt.Sprintf("%s (%v, at %d) should come before %s (%v, at %d)", earlier, told, first, later, too, then))
		}
	}
	for _, event := range l.events {
		path := event.Path
		before(path+"#0 starting", path+"#0 ready")
		before(path+"#0 ready", path+"#0 exited")
		if event.Run > 0 {
			before(path+"#0 starting", path+"#1 starting")
			before(path+"#1 ready", path+"#0 ready")
			before(path+"#1 exited", path+"#0 exited")
		}
		if path == "" {
			continue
		}
		parent := path[:max(0, strings.LastIndex(path, "/"))]
		before(parent+"#0 starting", path+"#0 starting")
		before(path+"#0 ready", parent+"#0 ready")
		before(path+"#0 exited", parent+"#0 exited")
		before(parent+"#0 stopping", path+"#0 stopping")
		// Of the depths 3 and 1, one is a parallel group.
		if depth := strings.Count(path, "/"); staticKinds[(3-depth)%3].name != "parallel" && !strings.HasSuffix(path, "a") {
			previous := path[:len(path)-1] + string(path[len(path)-1]-1)
			before(previous+"#0 ready", path+"#0 starting")
		}
	}
}

// observerVariable has a child process run TestPanicInObserver.
const observerVariable = "GROUPER_TEST_OBSERVER"

// TestPanicInObserver is ended by the panic of an observer, in a process of its
// own, unless Run returns before that.
func TestPanicInObserver(t *testing.T) {
	if os.Getenv(observerVariable) == "" {
		t.Skip("runs in child processes of the specs")
	}
	tree := grouper.Observe(grouper.NewParallel(nil, grouper.Members{{"a", nil}}), func(grouper.Event) { panic("the observer's panic") })
	_ = tree.Run(nil, nil)
	os.Exit(0)
}
