package grouper_test

import (
	"strconv"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/seed-3b777528/grouper"
)

var _ = Describe("A dynamic group", func() {
	It("G1, D5: reports entrance and exit of a member without a runner, with ErrNilRunner", bubble(func() {
		group := startDynamic(nil, 0, 10)
		entrances, exits := group.EntranceListener(), group.ExitListener()
		group.insert(grouper.Member{"nobody", nil})
		var entrance grouper.EntranceEvent
		Expect(entrances).To(Receive(&entrance))
		Expect(entrance.Process.Ready()).NotTo(BeClosed())
		Expect(entrance.Process.Wait()).To(Receive(MatchError(grouper.ErrNilRunner)))
		Expect(exits).To(Receive(Equal(grouper.ExitEvent{grouper.Member{"nobody", nil}, grouper.ErrNilRunner})))
		group.Close()
	}))

	It("D5: reports the entrance of a member that exits before it is ready just before its exit", bubble(func() {
		members, runners := crew(1)
		group := startDynamic(nil, 0, 10)
		entrances, exits := group.EntranceListener(), group.ExitListener()
		group.insert(members...)
		Expect(entrances).NotTo(Receive())
		exit(runners[0], errBoom)
		Expect(entrances).To(Receive(HaveField("Member.Name", "a")))
		Expect(exits).To(Receive(HaveField("Err", errBoom)))
		Expect(entrances).NotTo(Receive())
		group.Close()
	}))

	It("D5: reports one entrance of a member that is ready and exits at once", bubble(func() {
		group := startDynamic(nil, 0, 10)
		entrances := group.EntranceListener()
		for range 200 {
			group.insert(grouper.Member{"flash", flash})
			Expect(entrances).To(Receive(HaveField("Member.Name", "flash")))
			Expect(entrances).NotTo(Receive())
		}
		group.Close()
	}))

	It("D5: reports the entrance of a member that is ready at once while it runs", bubble(func() {
		group := startDynamic(nil, 0, 10)
		entrances := group.EntranceListener()
		for i := range 100 {
			group.insert(grouper.Member{strconv.Itoa(i), untilSignaled})
			Expect(entrances).To(Receive(HaveField("Member.Name", strconv.Itoa(i))))
			Expect(entrances).NotTo(Receive())
		}
		group.signal(interrupt)
	}))

	It("D5: waits for a member's readiness with one goroutine, whatever happens meanwhile", bubble(func() {
		members, runners := crew(1)
		group := startDynamic(nil, 0, 10)
		group.insert(members...)
		before := goroutines()
		for range 10 {
			group.Get("nobody")
			settle()
		}
		Expect(goroutines()).To(Equal(before))
		group.Close()
		exitAll(runners...)
	}))
})
