package grouper_test

import (
	"os"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/seed-3b777528/grouper"
	"github.com/seed-3b777528/grouper/fakes"
	"github.com/tedsuo/ifrit"
)

var _ = Describe("A status", func() {
	It("I3: returns the paths of all members that hold up the start-up, and of a group itself if it waits for no member", bubble(func() {
		members, runners := crew(4)
		inner := grouper.NewParallel(nil, members[1:3])
		stuck := grouper.NewParallel(nil, grouper.Members{{"nobody", nil}, members[3]})
		group := grouper.NewParallel(nil, grouper.Members{members[0], {"inner", inner}, {"stuck", stuck}})
		start(group)
		Expect(inspect(group).WaitingFor()).To(HaveExactElements("a", "inner/b", "inner/c", "stuck"))
		Expect(inspect(group).String()).To(ContainSubstring("parallel group, <- waiting\n"))
		exitAll(runners...)
	}))

	It("I3: shows a closed group as held up by the members that have not exited, until it has exited", func() {
		status := grouper.Status{State: grouper.StateReady, Closed: true, Members: []grouper.MemberStatus{
			{Name: "a", State: grouper.StateExited}, {Name: "b", State: grouper.StateReady},
		}}
		Expect(status.WaitingFor()).To(HaveExactElements("b"))
		status.State = grouper.StateExited
		Expect(status.WaitingFor()).To(BeEmpty())
	})

	It("I3, I7: shows a closed group as held up by a group that is ready, not by what failed inside", func() {
		Expect(grouper.Status{Kind: grouper.KindDynamic, State: grouper.StateReady, Closed: true, Members: []grouper.MemberStatus{{
			Name: "inner", State: grouper.StateReady,
			Group: &grouper.Status{Kind: grouper.KindParallel, State: grouper.StateReady, Members: []grouper.MemberStatus{
				{Name: "x", State: grouper.StateReady}, {Name: "y", State: grouper.StateExited, Err: errBoom},
			}},
		}}}.WaitingFor()).To(HaveExactElements("inner"))
	})

	It("is harmless when it is zero", func() {
		var status grouper.Status
		Expect(status.WaitingFor()).To(BeEmpty())
		Expect(status.String()).To(Equal("group\n"))
	})
})

var _ = Describe("A status of wrapped members", func() {
	// A control makes wrappers that are ready by themselves, and run what is
	// inside when the test says so.
	type control struct {
		run  chan struct{}
		wrap func(ifrit.Runner) ifrit.Runner
	}
	newControl := func() control {
		c := control{run: make(chan struct{})}
		c.wrap = func(inside ifrit.Runner) ifrit.Runner {
			return ifrit.RunFunc(func(signals <-chan os.Signal, ready chan<- struct{}) error {
				close(ready)
				for range c.run {
					_ = inside.Run(signals, nil)
				}
				return nil
			})
		}
		return c
	}

	It("I6: has the times of all states that were entered, even after a later one has been reached", bubble(func() {
		members, runners := crew(2)
		group := grouper.NewOrdered(nil, members)
		run := start(group)
		began := time.Now()
		time.Sleep(time.Second)
		settle()
		ready(runners[0])
		ready(runners[1])
		becameReady := time.Now()
		time.Sleep(time.Second)
		settle()
		run.signal(interrupt)
		run.signal(terminate)
		stopped := time.Now()
		time.Sleep(time.Second)
		settle()
		run.signal(hangUp)
		exit(runners[1], nil)
		exit(runners[0], nil)
		left := time.Now()
		for _, times := range []grouper.Times{inspect(group).Times, inspect(group).Members[1].Times} {
			Expect(times.Ready).To(BeTemporally("==", becameReady))
			Expect(times.Stopping).To(BeTemporally("==", stopped))
			Expect(times.Exited).To(BeTemporally("==", left))
		}
		Expect(inspect(group).Times.Started).To(BeTemporally("==", began))
		Expect(inspect(group).Members[0].Times.Stopping).To(BeTemporally("==", left))
		Expect(inspect(grouper.NewOrdered(nil, members)).Members[0].Times).To(BeZero())
	}))

	It("I6: has no time for a state that was skipped", bubble(func() {
		members, runners := crew(1)
		group := grouper.NewParallel(nil, members)
		start(group)
		exit(runners[0], nil)
		times := inspect(group).Members[0].Times
		Expect(times.Ready).To(BeZero())
		Expect(times.Stopping).To(BeZero())
		Expect(times.Exited).NotTo(BeZero())
	}))

	DescribeTable("I7: is ready if the group and everything below it is:", func(status grouper.Status, ready bool, waitingFor ...string) {
		Expect(status.Ready()).To(Equal(ready))
		if len(waitingFor) == 0 {
			Expect(status.WaitingFor()).To(BeEmpty())
		} else {
			Expect(status.WaitingFor()).To(Equal(waitingFor))
		}
		if status.Kind == "" {
			status.Kind = grouper.KindParallel
		}
		Expect(marked(status.String())).To(Equal(status.WaitingFor()), status.String())
	},
		Entry("zero", grouper.Status{}, false),
		Entry("pending", grouper.Status{State: pending}, false),
		Entry("starting", grouper.Status{State: starting, Members: []grouper.MemberStatus{{Name: "a", State: starting}}}, false, "a"),
		Entry("failed", grouper.Status{State: failed, Members: []grouper.MemberStatus{{Name: "a", State: exited}}}, false),
		Entry("stopping", grouper.Status{State: stopping, Members: []grouper.MemberStatus{{Name: "a", State: stopping}}}, false, "a"),
		Entry("exited", grouper.Status{State: exited}, false),
		Entry("without members", grouper.Status{State: isReady}, true),
		Entry("with a member that has exited with nil", grouper.Status{State: isReady, Members: []grouper.MemberStatus{
			{Name: "a", State: exited}, {Name: "b", State: isReady}}}, true),
		Entry("with a member that has exited with an error", grouper.Status{State: isReady, Members: []grouper.MemberStatus{
			{Name: "a", State: exited, Err: errBoom}, {Name: "b", State: isReady}}}, false, "a"),
		Entry("with a member that was signaled alone", grouper.Status{State: isReady, Members: []grouper.MemberStatus{
			{Name: "a", State: stopping}, {Name: "b", State: isReady}}}, false, "a"),
		Entry("with a group below that is not", grouper.Status{State: isReady, Members: []grouper.MemberStatus{
			{Name: "a", State: isReady, Group: &grouper.Status{State: isReady, Members: []grouper.MemberStatus{
				{Name: "b", State: isReady}, {Name: "c", State: exited, Err: errBoom}}}}}}, false, "a/c"),
		Entry("with a group below that has failed", grouper.Status{State: isReady, Members: []grouper.MemberStatus{
			{Name: "a", State: isReady, Group: &grouper.Status{State: failed}}}}, false, "a"),
		Entry("with a group below that is gone, although its member has exited with nil", grouper.Status{State: isReady, Members: []grouper.MemberStatus{
			{Name: "a", State: exited, Group: &grouper.Status{State: exited}}}}, true),
		Entry("a dynamic group, whatever is in it", grouper.Status{Kind: grouper.KindDynamic, State: isReady, Members: []grouper.MemberStatus{
			{Name: "a", State: starting}, {Name: "b", State: exited, Err: errBoom}}}, true),
		Entry("with a dynamic group below, whatever is in it", grouper.Status{State: isReady, Members: []grouper.MemberStatus{
			{Name: "d", State: isReady, Group: &grouper.Status{Kind: grouper.KindDynamic, State: isReady, Members: []grouper.MemberStatus{{Name: "a", State: starting}}}}}}, true),
		Entry("with a wrapped member that has run nothing yet", grouper.Status{State: isReady, Members: []grouper.MemberStatus{
			{Name: "w", State: isReady, Wrapped: &grouper.WrappedStatus{State: pending}, Group: &grouper.Status{State: pending}}}}, true),
		Entry("with a wrapped member in which a run is starting", grouper.Status{State: isReady, Members: []grouper.MemberStatus{
			{Name: "w", State: isReady, Wrapped: &grouper.WrappedStatus{Runs: 1, State: starting}}}}, false, "w"),
		Entry("with a wrapped member in which a run is ready", grouper.Status{State: isReady, Members: []grouper.MemberStatus{
			{Name: "w", State: isReady, Wrapped: &grouper.WrappedStatus{Runs: 3, State: isReady}}}}, true),
		Entry("with a wrapped member in which a run has exited with nil", grouper.Status{State: isReady, Members: []grouper.MemberStatus{
			{Name: "w", State: isReady, Wrapped: &grouper.WrappedStatus{Runs: 1, State: exited}}}}, false, "w"),
		Entry("with a wrapped member that has exited with nil, whatever is inside", grouper.Status{State: isReady, Members: []grouper.MemberStatus{
			{Name: "w", State: exited, Wrapped: &grouper.WrappedStatus{Runs: 1, State: exited, Err: errBoom}}}}, true),
		Entry("with a wrapped group that is starting again", grouper.Status{State: isReady, Members: []grouper.MemberStatus{
			{Name: "w", State: isReady, Wrapped: &grouper.WrappedStatus{Runs: 2, State: starting}, Group: &grouper.Status{State: starting, Members: []grouper.MemberStatus{
				{Name: "a", State: isReady}, {Name: "b", State: starting}}}}}}, false, "w/b"),
		Entry("stopping, while a group below has not taken its signal, and is waited for itself", grouper.Status{State: stopping, Members: []grouper.MemberStatus{
			{Name: "w", State: stopping, Group: &grouper.Status{State: isReady, Members: []grouper.MemberStatus{
				{Name: "a", State: isReady}, {Name: "b", State: exited, Err: errBoom}}}}}}, false, "w"),
		Entry("starting, while a group below is up, and is waited for itself", grouper.Status{State: starting, Members: []grouper.MemberStatus{
			{Name: "w", State: starting, Group: &grouper.Status{State: isReady, Members: []grouper.MemberStatus{
				{Name: "a", State: isReady}, {Name: "b", State: exited, Err: errBoom}}}}}}, false, "w"),
	)

	It("I7, W4: follows what is inside a Wrap, once that has run", bubble(func() {
		runner, c := fakes.NewRunner(), newControl()
		tree := grouper.NewParallel(nil, grouper.Members{{"a", untilSignaled}, {"g", grouper.NewOrdered(nil, grouper.Members{{"w", grouper.Wrap(runner, c.wrap)}})}})
		ready := func() bool { return inspect(tree).Ready() }
		Expect(ready()).To(BeFalse())
		run := start(tree)
		Expect(ready()).To(BeTrue())
		for range 2 {
			c.run <- struct{}{}
			settle()
			Expect(ready()).To(BeFalse())
			Expect(inspect(tree).WaitingFor()).To(HaveExactElements("g/w"))
			runner.TriggerReady()
			settle()
			Expect(ready()).To(BeTrue())
			Expect(inspect(tree).WaitingFor()).To(BeEmpty())
			exit(runner, nil)
			Expect(ready()).To(BeFalse())
			Expect(inspect(tree).WaitingFor()).To(HaveExactElements("g/w"))
		}
		close(c.run)
		settle()
		Expect(ready()).To(BeTrue(), "the member has exited with nil")
		run.signal(interrupt)
		Expect(ready()).To(BeFalse())
	}))

	It("I8: yields every member with its path, each one before those below it", func() {
		status := grouper.Status{Members: []grouper.MemberStatus{
			{Name: "a"},
			{Name: "g", Group: &grouper.Status{Members: []grouper.MemberStatus{
				{Name: "b", Group: &grouper.Status{Members: []grouper.MemberStatus{{Name: "c/d"}, {Name: ""}}}}, {Name: "e"}}}},
			{Name: "f"},
		}}
		var paths []string
		for path, member := range status.All() {
			Expect(path).To(HaveSuffix(member.Name))
			paths = append(paths, path)
		}
		want := []string{"a", "g", "g/b", "g/b/c/d", "g/b/", "g/e", "f"}
		Expect(paths).To(Equal(want))
		for most := range want {
			count := 0
			for range status.All() {
				if count++; count > most {
					break
				}
			}
			Expect(count).To(Equal(most + 1))
		}
		for path := range status.Members[1].Group.All() {
			Expect(path).To(Equal("b"), "relative to the group")
			break
		}
		for range (grouper.Status{}).All() {
			Fail("nobody is there")
		}
	})
})
