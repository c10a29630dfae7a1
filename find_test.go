package grouper_test

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/seed-3b777528/grouper"
	"github.com/seed-3b777528/grouper/fakes"
	"github.com/tedsuo/ifrit"
)

var _ = Describe("Find", func() {
	It("I10: finds every member that runs, at the path that All writes, and no other", bubble(func() {
		members, runners := crew(2)
		odd := fakes.NewRunner()
		dynamic := grouper.NewDynamic(nil, 0, 0)
		root := grouper.Observe(grouper.NewOrdered(nil, grouper.Members{
			{"group", grouper.Wrap(grouper.NewParallel(nil, append(members, grouper.Member{"x/y", odd})), nil)},
			{"dynamic", grouper.Observe(dynamic, nil)},
			{"", untilSignaled},
		}), nil)
		_, found := grouper.Find(root, "group")
		Expect(found).To(BeFalse(), "before it runs")
		run := start(root)
		for _, runner := range append(runners, odd) {
			ready(runner)
		}
		job := fakes.NewRunner()
		dynamic.Client().Inserter() <- grouper.Member{"a/job", job}
		ready(job)
		paths := []string{}
		for path, member := range inspect(root).All() {
			paths = append(paths, path)
			process, found := grouper.Find(root, path)
			Expect(found).To(BeTrue(), path)
			Expect(process.Ready()).To(BeClosed(), path)
			Expect(member.State).To(Equal(grouper.StateReady), path)
		}
		Expect(paths).To(HaveExactElements("group", "group/a", "group/b", "group/x/y", "dynamic", "dynamic/a/job", ""))
		for _, path := range []string{"grou", "group/", "group/c", "group/x", "group/a/b", "nobody", "dynamic/job", "/"} {
			_, found := grouper.Find(root, path)
			Expect(found).To(BeFalse(), path)
		}

		process, _ := grouper.Find(root, "group/b")
		process.Signal(hangUp)
		settle()
		Expect(runners[1].Signals()).To(HaveLen(1))
		Expect(runners[0].Signals()).To(BeEmpty())
		exit(runners[1], errBoom)
		Expect(<-process.Wait()).To(MatchError(errBoom))
		_, found = grouper.Find(root, "group/b")
		Expect(found).To(BeFalse(), "after its exit")
		run.signal(interrupt)
		exitAll(job, odd, runners[0])
		Expect(run.exited).To(BeTrue())
	}))

	It("I10: finds nothing in what is no group", func() {
		for _, runner := range []ifrit.Runner{nil, untilSignaled, grouper.Wrap(nil, nil)} {
			_, found := grouper.Find(runner, "a")
			Expect(found).To(BeFalse())
		}
	})
})
