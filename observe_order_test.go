package grouper_test

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/seed-3b777528/grouper"
	"github.com/tedsuo/ifrit"
)

var _ = Describe("Observe", func() {
	It("V3: calls the observer on one goroutine per Run, one event at a time", func() {
		goroutine := func() string {
			stack := make([]byte, 64)
			return strings.Fields(string(stack[:runtime.Stack(stack, false)]))[1]
		}
		for range 20 {
			members := crowd(30, untilSignaled)
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

	It("V3, O2: reports the exit of a member that was not ready before the next one is signaled", bubble(func() {
		members, runners := crew(2)
		events, tree := watched(grouper.NewOrdered(nil, members))
		run := start(tree)
		ready(runners[0])
		run.signal(interrupt)
		exit(runners[1], nil)
		exit(runners[0], nil)
		Expect(run.exited).To(BeTrue())
		Expect(events.told()).To(HaveExactElements(". starting", "a starting", "a ready", "b starting", ". stopping: interrupt",
			"b stopping: interrupt", "b exited", "a stopping: interrupt", "a exited", ". exited"))
	}))

	inside := func(group ifrit.Runner) ifrit.Runner {
		return grouper.NewParallel(nil, grouper.Members{{"inner", group}})
	}

	DescribeTable("V7: reports when a group has failed to start", func(path string, around func(ifrit.Runner) ifrit.Runner) {
		bubble(func() {
			members, runners := crew(2)
			events, tree := watched(around(grouper.NewParallel(nil, members)))
			run := start(tree)
			began := time.Now()
			time.Sleep(time.Second)
			exit(runners[0], nil)
			exit(runners[1], nil)
			Expect(run.exited).To(BeTrue())
			Expect(events.events).To(ContainElement(grouper.Event{
				Path: path, State: grouper.StateFailed, At: began.Add(time.Second), After: time.Second,
			}))
		})()
	},
		Entry("itself", "", func(group ifrit.Runner) ifrit.Runner { return group }),
		Entry("as a member", "inner", inside),
		Entry("in a Wrap", "inner", func(group ifrit.Runner) ifrit.Runner { return inside(grouper.Wrap(group, transparent)) }),
		Entry("in an Observe", "inner", func(group ifrit.Runner) ifrit.Runner { return inside(grouper.Observe(group, func(grouper.Event) {})) }),
	)

	It("V6, V7: reports when the signal came to a group that is observed twice", bubble(func() {
		events, tree := watched(grouper.Observe(grouper.NewParallel(nil, nil), func(grouper.Event) {}))
		run := start(tree)
		began := time.Now()
		time.Sleep(time.Second)
		run.signal(interrupt)
		Expect(run.exited).To(BeTrue())
		Expect(events.events).To(ContainElement(grouper.Event{
			State: grouper.StateStopping, At: began.Add(time.Second), After: time.Second, Signal: interrupt,
		}))
	}))

	It("V7: reports the times that Inspect shows, and the time since the previous event", bubble(func() {
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

	It("V7: reports times that never go back within one path and run, and equal those of Inspect, even outside of bubbles", func() {
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

	It("V7: never reports an earlier time than before, for members that become ready while their group signals them", func() {
		signaled := make(chan struct{})
		members := grouper.Members{{"first", grouper.WorkerFunc(func(ctx context.Context) error {
			<-ctx.Done()
			close(signaled)
			return nil
		})}}
		for i := range 5000 { // their signals take the group a while
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
