package grouper_test

import (
	"os"
	"slices"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/seed-3b777528/grouper"
	"github.com/seed-3b777528/grouper/fakes"
)

// The rules of parallel groups (P), and those of static groups (S), shown on
// them.
var _ = Describe("A parallel group", func() {
	It("P1: starts all its members without waiting, and is ready when all of them are", bubble(func() {
		members, runners := crew(3)
		group := start(grouper.NewParallel(terminate, members))

		Expect(starts(runners)).To(Equal([]int{1, 1, 1}))
		for _, i := range []int{1, 2, 0} {
			Expect(group.isReady()).To(BeFalse())
			ready(runners[i])
		}
		Expect(group.isReady()).To(BeTrue())
		group.signal(interrupt)
		exitAll(runners...)
	}))

	It("P1, G5: becomes ready with the last member, even if another one was ready and has exited", bubble(func() {
		members, runners := crew(2)
		group := start(grouper.NewParallel(nil, members))
		ready(runners[1])
		exit(runners[1], nil)

		Expect(group.isReady()).To(BeFalse())
		ready(runners[0])
		Expect(group.isReady()).To(BeTrue())
		exitAll(runners...)
		Expect(group.exited).To(BeTrue())
	}))

	It("P2: passes every signal, even a repeated one, to all running members", bubble(func() {
		members, runners := crew(3)
		group := start(grouper.NewParallel(terminate, members))
		for _, signal := range []os.Signal{interrupt, interrupt, hangUp} {
			group.signal(signal)
		}
		exit(runners[1], nil)
		group.signal(terminate)

		Expect(runners[0].Signals()).To(HaveExactElements(interrupt, interrupt, hangUp, terminate))
		Expect(runners[1].Signals()).To(HaveExactElements(interrupt, interrupt, hangUp))
		Expect(runners[2].Signals()).To(HaveExactElements(interrupt, interrupt, hangUp, terminate))
		exitAll(runners...)
		Expect(group.exited).To(BeTrue())
	}))

	// While a parallel group starts its members, they may already exit. The
	// states show when the loop took each event.
	It("G3, G10: takes a pending signal before most of a flood of exits", func() {
		const n = 20_000
		members := crowd(n+1, leaver)
		idle := goroutines()
		for range 8 {
			stayer := fakes.NewRunner()
			members[0].Runner = stayer
			group := grouper.NewParallel(nil, members)
			signals, exited := make(chan os.Signal, 1), make(chan error)
			signals <- interrupt
			go func() { exited <- group.Run(signals, nil) }()
			stayer.WaitForSignal()

			var leavers []grouper.MemberStatus
			Eventually(func() int {
				leavers = slices.DeleteFunc(inspect(group).Members, func(member grouper.MemberStatus) bool {
					return member.State != grouper.StateExited
				})
				return len(leavers)
			}).WithTimeout(forever).Should(Equal(n))
			signaled := inspect(group).Since
			before := slices.DeleteFunc(leavers, func(member grouper.MemberStatus) bool {
				return member.Since.After(signaled)
			})
			stayer.TriggerExit(nil)
			Expect(<-exited).To(Succeed())
			Eventually(goroutines).WithTimeout(forever).Should(BeNumerically("<=", idle))
			Expect(len(before)).To(BeNumerically("<", n/2), "exits taken before the signal")
		}
	})

	It("P2: stops members that are still starting", bubble(func() {
		members, runners := crew(2)
		group := start(grouper.NewParallel(terminate, members))
		ready(runners[0])
		group.signal(interrupt)

		Expect(runners[1].Signals()).To(HaveExactElements(interrupt))
		exitAll(runners...)
		Expect(group.exited).To(BeTrue())
		Expect(group.isReady()).To(BeFalse())
	}))
})
