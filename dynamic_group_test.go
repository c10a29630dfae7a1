package grouper_test

import (
	"os"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/seed-3b777528/grouper"
	"github.com/tedsuo/ifrit"
)

// The rules of dynamic groups (D) about the group.
var _ = Describe("A dynamic group", func() {
	for _, capacity := range []int{0, 1, 2} {
		It("D1: is ready as soon as it runs, and runs until it is closed, even when empty", bubble(func() {
			members, runners := crew(2)
			group := startDynamic(nil, capacity, 10)
			Expect(group.isReady()).To(BeTrue())
			for i, member := range members {
				group.insert(member)
				exit(runners[i], nil)
				Expect(group.exited).To(BeFalse())
			}
			group.end()
		}))
	}

	It("D1: keeps running after it was closed, until the last member has exited", bubble(func() {
		members, runners := crew(2)
		group := startDynamic(nil, 0, 10)
		group.insert(members...)
		group.Close()
		exit(runners[0], nil)
		Expect(group.exited).To(BeFalse())
		exit(runners[1], nil)
		Expect(group.exited).To(BeTrue())
	}))

	It("D2: accepts a member when fewer than its capacity run", bubble(func() {
		members, runners := crew(4)
		group := startDynamic(nil, 2, 10)
		group.insert(members[:2]...)
		third, fourth := group.offer(members[2]), group.offer(members[3])
		Expect(starts(runners)).To(Equal([]int{1, 1, 0, 0}))
		exit(runners[0], nil)
		Expect(*third != *fourth).To(BeTrue(), "one of two was to be accepted")
		exit(runners[1], nil)
		Expect(*third && *fourth).To(BeTrue())
		group.Close()
		exitAll(runners...)
	}))

	for _, capacity := range []int{0, -1} {
		It("D2: has no limit at a capacity of 0 or less", bubble(func() {
			members, runners := crew(26)
			group := startDynamic(nil, capacity, 10)
			group.insert(members...)
			Expect(starts(runners)).To(HaveEach(1))
			group.Close()
			exitAll(runners...)
			Expect(group.exited).To(BeTrue())
		}))
	}

	It("G9: leaves no goroutine behind when its last member is ready and exits at once", func() {
		for range 200 {
			bubble(func() {
				leave := make(chan struct{})
				group := startDynamic(nil, 0, 10)
				group.insert(grouper.Member{"flash", ifrit.RunFunc(func(_ <-chan os.Signal, ready chan<- struct{}) error {
					<-leave
					close(ready)
					return nil
				})})
				group.Close()
				settle()
				close(leave)
				settle()
				Expect(group.exited).To(BeTrue())
			})()
		}
	})

	It("D9: returns nil, whatever its members return, once every event is delivered", bubble(func() {
		members, runners := crew(2)
		group := startDynamic(nil, 0, 10)
		exits := group.ExitListener()
		group.insert(members...)
		exit(runners[0], errBoom)
		exit(runners[1], errBoom)
		group.end()
		Expect(group.err).NotTo(HaveOccurred())
		Expect(exits).To(Receive(HaveField("Err", errBoom)))
		Expect(exits).To(Receive(HaveField("Err", errBoom)))
		Expect(exits).To(BeClosed())
	}))

	It("D10: refuses a second run, at the same time or later, and is not disturbed", bubble(func() {
		members, runners := crew(1)
		group := startDynamic(nil, 0, 10)
		group.insert(members...)
		for range 2 {
			second := start(group.dynamic)
			Expect(second.err).To(MatchError(ContainSubstring("runs only once")))
			Expect(second.isReady()).To(BeFalse())
		}
		Expect(group.exited).To(BeFalse())
		exit(runners[0], nil)
		group.end()
		Expect(start(group.dynamic).err).To(MatchError(ContainSubstring("runs only once")))
	}))

	It("D10: refuses a second run after it was closed before the first", bubble(func() {
		dynamic := grouper.NewDynamic(nil, 0, 0)
		dynamic.Client().Close()
		Expect(start(dynamic).err).NotTo(HaveOccurred())
		Expect(start(dynamic).err).To(HaveOccurred())
	}))

	It("runs inside other groups", bubble(func() {
		workers := grouper.NewDynamic(terminate, 0, 0)
		group := start(grouper.NewOrdered(terminate, grouper.Members{
			{"outer", grouper.NewParallel(terminate, grouper.Members{{"workers", workers}})},
			{"last", untilSignaled},
		}))
		Expect(group.isReady()).To(BeTrue())
		workers.Client().Inserter() <- grouper.Member{"worker", untilSignaled}
		group.signal(interrupt)
		Expect(group.exited).To(BeTrue())
		Expect(group.err).NotTo(HaveOccurred())
	}))
})
