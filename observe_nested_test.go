package grouper_test

import (
	"os"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/seed-3b777528/grouper"
	"github.com/tedsuo/ifrit"
)

var _ = Describe("Observe", func() {
	It("V2: reports the runs in the innermost Wrap between the events of their member", bubble(func() {
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

	It("V2: also reports them for the observed runner, separately for each run of the Observe", bubble(func() {
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

	It("V6: observes each run of a runner separately, even simultaneous ones", bubble(func() {
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
})
