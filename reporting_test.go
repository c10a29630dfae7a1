package grouper_test

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/seed-3b777528/grouper"
	"github.com/seed-3b777528/grouper/fakes"
)

var _ = Describe("Reporting", func() {
	member := func(group grouper.DynamicGroup, name string) *fakes.Runner {
		runner := fakes.NewRunner()
		group.Client().Inserter() <- grouper.Member{name, runner}
		settle()
		return runner
	}
	traceOf := func(run *run) []string {
		GinkgoHelper()
		Expect(run.exited).To(BeTrue())
		if run.err == nil {
			return nil
		}
		return run.trace()
	}

	It("D11: returns the exits from the one that began the shutdown on", bubble(func() {
		group := grouper.NewDynamic(interrupt, 0, 0)
		run := start(grouper.Reporting(group))
		Expect(run.isReady()).To(BeTrue())
		a, b, c := member(group, "a"), member(group, "b"), member(group, "c")
		exit(b, errBoom)
		exit(c, nil)
		exit(a, errBoom)
		Expect(traceOf(run)).To(HaveExactElements("b: boom", "c", "a: boom"))
	}))

	It("D11: returns the exits after the signal that began the shutdown, and none before it", bubble(func() {
		group := grouper.NewDynamic(nil, 0, 0)
		run := start(grouper.Reporting(group))
		a, b, c := member(group, "a"), member(group, "b"), member(group, "c")
		exit(a, errBoom)
		run.signal(interrupt)
		exit(b, nil)
		exit(c, errBoom)
		Expect(traceOf(run)).To(HaveExactElements("b", "c: boom"))
	}))

	It("D11: returns nil if no exit since then was an error", bubble(func() {
		group := grouper.NewDynamic(nil, 0, 0)
		run := start(grouper.Reporting(group))
		a, b := member(group, "a"), member(group, "b")
		exit(a, errBoom)
		run.signal(interrupt)
		exit(b, nil)
		Expect(run.exited).To(BeTrue())
		Expect(run.err).To(BeNil())
	}))

	It("D11: does not count Close alone as a shutdown", bubble(func() {
		group := grouper.NewDynamic(nil, 0, 0)
		run := start(grouper.Reporting(group))
		a := member(group, "a")
		group.Client().Close()
		exit(a, errBoom)
		Expect(run.exited).To(BeTrue())
		Expect(run.err).To(BeNil())

		group = grouper.NewDynamic(interrupt, 0, 0)
		run = start(grouper.Reporting(group))
		b, c := member(group, "b"), member(group, "c")
		group.Client().Close()
		exit(b, nil)
		exit(c, errBoom)
		Expect(traceOf(run)).To(HaveExactElements("b", "c: boom"), "G4: the exit of b began the shutdown")
	}))

	It("D11, D3: reports the exit of a member that was not started", bubble(func() {
		group := grouper.NewDynamic(interrupt, 0, 0)
		run := start(grouper.Reporting(group))
		a := member(group, "a")
		group.Client().Inserter() <- grouper.Member{"a", untilSignaled}
		settle()
		exit(a, nil)
		Expect(traceOf(run)).To(HaveExactElements("a: Duplicate member name: a\n", "a"))
	}))

	It("D11: lets Inspect, paths, observers and listeners see the group as before", bubble(func() {
		group := grouper.NewDynamic(interrupt, 0, 0)
		events, tree := watched(grouper.NewOrdered(nil, grouper.Members{{"jobs", grouper.Reporting(group)}}))
		run := start(tree)
		exits := group.Client().ExitListener()
		group.Client().Inserter() <- grouper.Member{"job", spinner}
		settle()
		Expect(inspect(tree).Members[0].Group.Kind).To(Equal(grouper.KindDynamic))
		Expect(inspect(grouper.Reporting(group)).Members).To(HaveLen(1))
		Expect(labels()).To(HaveKey("jobs/job"))
		_, found := grouper.Find(tree, "jobs/job")
		Expect(found).To(BeTrue())
		run.signal(interrupt)
		Expect(events.of("jobs/job")).To(HaveLen(4))
		Expect(run.trace()).To(HaveExactElements("jobs: Exit trace for group:\njob exited with error: boom\n"))
		Expect((<-exits).Err).To(Equal(errBoom))
	}))

	It("D11: makes an ordered root fail when a member of the dynamic group does", bubble(func() {
		group := grouper.NewDynamic(interrupt, 0, 0)
		run := start(grouper.NewOrdered(interrupt, grouper.Members{{"store", untilSignaled}, {"jobs", grouper.Reporting(group)}}))
		group.Client().Inserter() <- grouper.Member{"job", nil}
		settle()
		Expect(run.exited).To(BeTrue())
		Expect(grouper.Failures(run.err)).To(HaveExactElements(grouper.Failure{"jobs/job", grouper.ErrNilRunner}))
	}))

	It("D11: returns what another implementation returns, and ErrNilRunner for a nil group", bubble(func() {
		fake := new(fakes.FakeDynamicGroup)
		fake.RunReturns(errBoom)
		Expect(start(grouper.Reporting(fake)).err).To(Equal(errBoom))
		Expect(start(grouper.Reporting(nil)).err).To(Equal(grouper.ErrNilRunner))
		_, ok := grouper.Inspect(grouper.Reporting(nil))
		Expect(ok).To(BeFalse())
	}))

	It("D11, D9: does not change that the group itself returns nil", bubble(func() {
		group := grouper.NewDynamic(interrupt, 0, 0)
		grouper.Reporting(group)
		run := start(group)
		exit(member(group, "a"), errBoom)
		Expect(run.exited).To(BeTrue())
		Expect(run.err).To(BeNil())
	}))
})
