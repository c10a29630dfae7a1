package grouper_test

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/seed-3b777528/grouper"
)

var _ = Describe("A status", func() {
	It("I3: gives the paths of all members that hold up the start-up, and a group itself that waits for nobody", bubble(func() {
		members, runners := crew(4)
		inner := grouper.NewParallel(nil, members[1:3])
		stuck := grouper.NewParallel(nil, grouper.Members{{"nobody", nil}, members[3]})
		group := grouper.NewParallel(nil, grouper.Members{members[0], {"inner", inner}, {"stuck", stuck}})
		start(group)
		Expect(inspect(group).WaitingFor()).To(HaveExactElements("a", "inner/b", "inner/c", "stuck"))
		Expect(inspect(group).String()).To(ContainSubstring("parallel group, <- waiting\n"))
		exitAll(runners...)
	}))

	It("I3: is of a closed group held up by those that have not exited, until it has", func() {
		status := grouper.Status{State: grouper.StateReady, Closed: true, Members: []grouper.MemberStatus{
			{Name: "a", State: grouper.StateExited}, {Name: "b", State: grouper.StateReady},
		}}
		Expect(status.WaitingFor()).To(HaveExactElements("b"))
		status.State = grouper.StateExited
		Expect(status.WaitingFor()).To(BeEmpty())
	})

	It("is of nobody's concern when it is zero", func() {
		var status grouper.Status
		Expect(status.WaitingFor()).To(BeEmpty())
		Expect(status.String()).To(Equal("group\n"))
	})
})
