package grouper_test

import (
	"fmt"
	"sync"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/seed-3b777528/grouper"
	"github.com/tedsuo/ifrit"
	"github.com/tedsuo/ifrit/sigmon"
)

var _ = Describe("Find", func() {
	It("I10: finds the members that run, by their paths, in groups of any kind, and through Wraps and Observes", bubble(func() {
		jobs := grouper.NewDynamic(nil, 0, 0)
		members, runners := crew(3)
		tree := grouper.Observe(grouper.Wrap(grouper.NewOrdered(nil, grouper.Members{
			{"jobs", grouper.Reporting(jobs)},
			{"servers", grouper.Wrap(grouper.Observe(grouper.Wrap(grouper.NewParallel(nil, members), sigmonned), nil), again)},
			{"last", grouper.NewQueueOrdered(nil, grouper.Members{{"z", untilSignaled}})},
		}), transparent), func(grouper.Event) {})
		running := func() []string {
			var paths []string
			for path := range inspect(tree).All() {
				if _, found := grouper.Find(tree, path); found {
					paths = append(paths, path)
				}
			}
			return paths
		}
		Expect(running()).To(BeEmpty())
		run := start(tree)
		Expect(running()).To(HaveExactElements("jobs", "servers", "servers/a", "servers/b", "servers/c"))
		for _, runner := range runners {
			ready(runner)
		}
		jobs.Client().Inserter() <- grouper.Member{"job", untilSignaled}
		settle()
		Expect(running()).To(HaveExactElements("jobs", "jobs/job", "servers", "servers/a", "servers/b", "servers/c", "last", "last/z"))
		exit(runners[1], nil)
		Expect(running()).To(HaveExactElements("jobs", "jobs/job", "servers", "servers/a", "servers/c", "last", "last/z"))
		for _, path := range []string{"", "/", "job", "jobs/", "/jobs", "jobs//job", "jobs/job/", "servers/b", "server", "serverss", "servers/a/b", "last/z/z"} {
			process, found := grouper.Find(tree, path)
			Expect(found).To(BeFalse(), path)
			Expect(process).To(BeNil())
		}
		process, _ := grouper.Find(tree, "jobs/job")
		got, _ := jobs.Client().Get("job")
		Expect(process).To(BeIdenticalTo(got))

		exits := process.Wait()
		process.Signal(interrupt)
		settle()
		Expect(exits).To(Receive(BeNil()))
		Expect(running()).NotTo(ContainElement("jobs/job"))
		run.signal(terminate)
		exitAll(runners...)
		Expect(run.exited).To(BeTrue())
		Expect(running()).To(BeEmpty())
	}))

	It("I10, M1, M2: signals that member alone, in order, and waits for it", bubble(func() {
		members, runners := crew(2)
		group := grouper.NewParallel(nil, members)
		start(group)
		process, found := grouper.Find(group, "b")
		Expect(found).To(BeTrue())
		Expect(process.Ready()).NotTo(BeClosed())
		ready(runners[1])
		Expect(process.Ready()).To(BeClosed())
		for _, signal := range numberedUpTo(50) {
			process.Signal(signal)
			process.Signal(nil)
		}
		settle()
		Expect(runners[1].Signals()).To(Equal(numberedUpTo(50)))
		Expect(runners[0].Signals()).To(BeEmpty())
		before := goroutines()
		waits := []<-chan error{process.Wait(), process.Wait()}
		Expect(goroutines()).To(BeNumerically("<=", before)) // a goroutine of a queue may be about to end
		exit(runners[1], errBoom)
		for _, wait := range append(waits, process.Wait()) {
			Expect(wait).To(Receive(Equal(errBoom)))
		}
		process.Signal(interrupt)
		exitAll(runners...)
	}))

	It("I10, G4, G5: leaves the effect of the member's exit to the group", bubble(func() {
		for _, kind := range staticKinds {
			group := kind.group(nil, grouper.Members{{"a", untilSignaled}, {"b", untilSignaled}})
			run := start(group)
			process, _ := grouper.Find(group, "a")
			process.Signal(interrupt)
			settle()
			Expect(run.exited).To(BeFalse())
			run.signal(interrupt)

			group = kind.group(hangUp, grouper.Members{{"a", untilSignaled}, {"b", untilSignaled}})
			run = start(group)
			process, _ = grouper.Find(group, "a")
			process.Signal(interrupt)
			settle()
			Expect(run.exited).To(BeTrue())
		}
	}))

	It("I10: finds members whose names are empty or contain slashes", bubble(func() {
		names := []string{"a/b/c", "a/b", "a", "", "/", "x/"}
		var members grouper.Members
		for _, name := range names {
			members = append(members, grouper.Member{name, grouper.NewParallel(nil, grouper.Members{{"b", untilSignaled}, {"c", untilSignaled}, {"", untilSignaled}})})
		}
		dynamic := grouper.NewDynamic(nil, 0, 0)
		for _, group := range []ifrit.Runner{grouper.NewParallel(nil, members), dynamic} {
			run := start(group)
			if group == ifrit.Runner(dynamic) {
				for _, member := range members {
					dynamic.Client().Inserter() <- member
				}
				settle()
			}
			count := 0
			for path := range inspect(group).All() {
				count++
				process, found := grouper.Find(group, path)
				Expect(found).To(BeTrue(), path)
				Expect(process).NotTo(BeNil())
			}
			Expect(count).To(Equal(4 * len(names)))
			// A path may lead to two members: one of them that runs is enough.
			for range 2 {
				process, found := grouper.Find(group, "a/b")
				Expect(found).To(BeTrue())
				process.Signal(interrupt)
				settle()
			}
			_, found := grouper.Find(group, "a/b")
			Expect(found).To(BeFalse())
			run.signal(interrupt)
		}
	}))

	It("I10: finds nothing where a name and a path are separated by anything but a slash", bubble(func() {
		inner := func() ifrit.Runner { return grouper.NewParallel(nil, grouper.Members{{"z", untilSignaled}}) }
		jobs := grouper.NewDynamic(nil, 0, 0)
		tree := grouper.NewParallel(nil, grouper.Members{{"jobs", jobs}, {"servers", inner()}})
		run := start(tree)
		jobs.Client().Inserter() <- grouper.Member{"job", inner()}
		settle()
		for path, want := range map[string]bool{
			"jobs/job/z": true, "jobs/jobxz": false, "jobs/job:z": false, "servers/z": true, "serversxz": false, "servers:z": false,
		} {
			_, found := grouper.Find(tree, path)
			Expect(found).To(Equal(want), path)
		}
		run.signal(interrupt)
		Expect(run.exited).To(BeTrue())
	}))

	It("I10: finds nothing in a runner that is no group, nor in a wrapper of another package", bubble(func() {
		group := grouper.NewParallel(nil, grouper.Members{{"a", untilSignaled}})
		for _, runner := range []ifrit.Runner{
			nil, untilSignaled, sigmon.New(group), grouper.Wrap(nil, nil), grouper.Observe(untilSignaled, nil), grouper.WorkerFunc(untilDone),
		} {
			_, found := grouper.Find(runner, "a")
			Expect(found).To(BeFalse())
		}
	}))

	It("I10, W3: finds a member of the latest run", bubble(func() {
		members, runners := crew(1)
		tree := grouper.NewParallel(nil, grouper.Members{{"twice", grouper.Wrap(grouper.NewOrdered(nil, members), twice)}})
		run := start(tree)
		first, found := grouper.Find(tree, "twice/a")
		Expect(found).To(BeTrue())
		exit(runners[0], errBoom)
		Expect(first.Wait()).To(Receive(Equal(errBoom)))
		second, found := grouper.Find(tree, "twice/a")
		Expect(found).To(BeTrue())
		Expect(second.Wait()).NotTo(Receive())
		exitAll(runners...)
		Expect(run.exited).To(BeTrue())
		_, found = grouper.Find(tree, "twice/a")
		Expect(found).To(BeFalse())
	}))

	// The race detector checks that this is safe.
	It("I10: may be called from any goroutine while members come and go, and never waits for a loop", func() {
		forEachGroup := func(kind kind) {
			members := crowd(50, untilSignaled)
			group, begin := inspectable(kind, members)
			process := begin()
			var callers sync.WaitGroup
			for range 2 {
				callers.Go(func() {
					for i := range members {
						if member, found := grouper.Find(group, fmt.Sprint(i)); found {
							member.Signal(interrupt)
							<-member.Wait()
							_, found := grouper.Find(group, fmt.Sprint(i))
							Expect(found).To(BeFalse())
						}
					}
				})
			}
			callers.Wait()
			process.Signal(interrupt)
			<-process.Wait()
		}
		for _, kind := range allKinds {
			forEachGroup(kind)
		}
	})
})
