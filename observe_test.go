package grouper_test

import (
	"os"
	"slices"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/seed-3b777528/grouper"
	"github.com/seed-3b777528/grouper/fakes"
	"github.com/tedsuo/ifrit"
)

var _ = Describe("Observe", func() {
	It("V1, V3: reports each step of a tree, in order", bubble(func() {
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

	It("V1: reports stopping once per signal that a group passes to a member", bubble(func() {
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

	It("V1: reports that a group has failed, both a member and the observed one", bubble(func() {
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

	It("V1, G4: reports no failure that begins the shutdown, but the termination signal", bubble(func() {
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

	It("V1, M2: takes signals from any sender at once, in order, even while the runner reads none", bubble(func() {
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

	It("V1, D3: reports only the exit of a member that a dynamic group refused to start", bubble(func() {
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

	It("V1, G1: reports what Run returns for a nil runner, for names that are not unique, and for a second run", bubble(func() {
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
})
