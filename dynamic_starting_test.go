package grouper_test

import (
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/seed-3b777528/grouper"
)

// The loop of a dynamic group waits for some members at once, and watchers wait
// for the others: these specs have more than the loop can wait for.
var _ = Describe("A dynamic group whose members start together", func() {
	const n = 9

	DescribeTable("D5, I6: has each of them enter at the moment it is ready", func(order ...int) {
		bubble(func() {
			dynamic := grouper.NewDynamic(nil, 0, n)
			entrances := dynamic.Client().EntranceListener()
			group := start(dynamic)
			members, runners := crew(n)
			for _, member := range members {
				dynamic.Client().Inserter() <- member
			}
			settle()
			Expect(entrances).NotTo(Receive())
			began := time.Now()
			for _, i := range order {
				time.Sleep(time.Second)
				ready(runners[i])
				var entrance grouper.EntranceEvent
				Expect(entrances).To(Receive(&entrance))
				Expect(entrance.Member).To(Equal(members[i]))
				Expect(entrances).NotTo(Receive())
			}
			status, _ := grouper.Inspect(dynamic)
			for after, i := range order {
				Expect(status.Members[i].Times.Ready.Sub(began)).To(Equal(time.Duration(after+1) * time.Second))
			}
			Expect(goroutines()).To(Equal(n + 1))
			dynamic.Client().Close()
			settle()
			Expect(entrances).To(BeClosed())
			exitAll(runners...)
			Expect(group.exited).To(BeTrue())
		})()
	},
		Entry("the oldest one first", 0, 1, 2, 3, 4, 5, 6, 7, 8),
		Entry("the newest one first", 8, 7, 6, 5, 4, 3, 2, 1, 0),
		Entry("in no order", 4, 0, 8, 2, 6, 1, 7, 3, 5),
	)

	It("D5: has those enter that were ready by the next insert", bubble(func() {
		for range 50 { // the loop may take the insert first, or the readiness
			dynamic := grouper.NewDynamic(nil, 0, n)
			entrances := dynamic.Client().EntranceListener()
			group := start(dynamic)
			members, runners := crew(n)
			for _, member := range members[:n-1] {
				dynamic.Client().Inserter() <- member
			}
			settle()
			for _, runner := range runners[:n-1] {
				go runner.TriggerReady()
			}
			dynamic.Client().Inserter() <- members[n-1]
			settle()
			for range n - 1 {
				Expect(entrances).To(Receive())
			}
			Expect(entrances).NotTo(Receive())
			exitAll(runners...)
			group.signal(interrupt)
			Expect(group.exited).To(BeTrue())
		}
	}))

	It("C5: costs no watcher for members that report their readiness", bubble(func() {
		dynamic := grouper.NewDynamic(nil, 0, n)
		group := start(dynamic)
		for _, member := range "abcdefghi" {
			dynamic.Client().Inserter() <- grouper.Member{string(member), grouper.TaskFunc(untilDone)}
		}
		settle()
		Expect(goroutines()).To(Equal(n + 1))
		group.signal(interrupt)
		Expect(group.exited).To(BeTrue())
	}))
})
