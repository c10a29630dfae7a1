package grouper_test

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/seed-3b777528/grouper"
	"github.com/seed-3b777528/grouper/fakes"
)

// The rules of dynamic groups (D) about their client.
var _ = Describe("A dynamic group's client", func() {
	It("is the same each time, as are its inserter and close notifier", bubble(func() {
		dynamic := grouper.NewDynamic(nil, 0, 10)
		client := dynamic.Client()
		Expect(dynamic.Client()).To(BeIdenticalTo(client))
		Expect(client.Inserter()).To(BeIdenticalTo(client.Inserter()))
		Expect(client.CloseNotifier()).To(BeIdenticalTo(client.CloseNotifier()))
		Expect(cap(client.Inserter())).To(BeZero())
	}))

	Describe("D2: an insert", func() {
		It("is accepted only once the group runs", bubble(func() {
			dynamic := grouper.NewDynamic(nil, 0, 10)
			client := dynamic.Client()
			accepted := false
			go func() {
				client.Inserter() <- grouper.Member{"early", untilSignaled}
				accepted = true
			}()
			settle()
			Expect(accepted).To(BeFalse())
			group := start(dynamic)
			Expect(accepted).To(BeTrue())
			group.signal(interrupt)
			Expect(group.exited).To(BeTrue())
		}))

		It("is never accepted after the group has exited", bubble(func() {
			group := startDynamic(nil, 0, 10)
			group.signal(interrupt)
			Expect(group.exited).To(BeTrue())
			Expect(group.Inserter()).NotTo(BeSent(grouper.Member{"late", untilSignaled}))
		}))
	})

	It("can be replaced by a fake", func() {
		fake := new(fakes.FakeDynamicGroup)
		fakeClient := new(fakes.FakeDynamicClient)
		fake.ClientReturns(fakeClient)
		inserter := make(chan grouper.Member, 1)
		fakeClient.InserterReturns(inserter)

		var group grouper.DynamicGroup = fake
		group.Client().Inserter() <- grouper.Member{"a", nil}
		group.Client().Close()
		Expect(inserter).To(Receive(Equal(grouper.Member{"a", nil})))
		Expect(fakeClient.CloseCallCount()).To(Equal(1))
	})
})
