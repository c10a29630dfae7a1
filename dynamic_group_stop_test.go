package grouper_test

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/seed-3b777528/grouper"
)

var _ = Describe("A dynamic group", func() {
	It("D7: closes when it is signaled, and passes on that signal and every later one", bubble(func() {
		members, runners := crew(2)
		group := startDynamic(nil, 0, 10)
		group.insert(members...)
		group.signal(interrupt)
		Expect(group.CloseNotifier()).To(BeClosed())
		group.signal(interrupt)
		exit(runners[0], nil)
		group.signal(terminate)
		Expect(runners[0].Signals()).To(HaveExactElements(interrupt, interrupt))
		Expect(runners[1].Signals()).To(HaveExactElements(interrupt, interrupt, terminate))
		Expect(group.exited).To(BeFalse())
		exit(runners[1], nil)
		Expect(group.exited).To(BeTrue())
	}))

	It("D7: exits on its first signal when nothing runs in it", bubble(func() {
		group := startDynamic(terminate, 0, 10)
		group.signal(nil)
		Expect(group.exited).To(BeFalse())
		group.signal(interrupt)
		Expect(group.exited).To(BeTrue())
	}))

	It("D7: passes on signals after it was closed", bubble(func() {
		members, runners := crew(1)
		group := startDynamic(nil, 0, 10)
		group.insert(members...)
		group.Close()
		group.signal(interrupt)
		Expect(runners[0].Signals()).To(HaveExactElements(interrupt))
		exitAll(runners...)
	}))

	It("D7: signals every member that it accepted, however close the insert was", func() {
		for range 200 {
			bubble(func() {
				group := startDynamic(nil, 0, 10)
				accepted := false
				go func() {
					select {
					case group.Inserter() <- grouper.Member{"late", untilSignaled}:
						accepted = true
					case <-group.CloseNotifier():
					}
				}()
				group.signal(interrupt)
				Expect(group.exited).To(BeTrue())
				var entered []string
				for event := range group.EntranceListener() {
					entered = append(entered, event.Member.Name)
				}
				Expect(entered != nil).To(Equal(accepted))
			})()
		}
	})

	It("D8, G4: closes and signals the members with its termination signal when one exits", bubble(func() {
		members, runners := crew(3)
		group := startDynamic(terminate, 2, 10)
		group.insert(members[:2]...)
		third := group.offer(members[2])
		exit(runners[0], nil)
		Expect(group.CloseNotifier()).To(BeClosed())
		Expect(*third).To(BeFalse())
		Expect(runners[1].Signals()).To(HaveExactElements(terminate))
		exitAll(runners...)
		Expect(group.exited).To(BeTrue())
	}))

	It("D8, G4: sends its termination signal even after it was closed", bubble(func() {
		members, runners := crew(2)
		group := startDynamic(terminate, 0, 10)
		group.insert(members...)
		group.Close()
		exit(runners[0], nil)
		Expect(runners[1].Signals()).To(HaveExactElements(terminate))
		exitAll(runners...)
	}))
})
