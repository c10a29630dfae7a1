package grouper_test

import (
	"os"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/seed-3b777528/grouper"
	"github.com/tedsuo/ifrit"
)

// A dynamicRun is a started dynamic group, and its client. The package does not
// know it as a client of its own (L6): its functions need the DynamicClient.
type dynamicRun struct {
	*run
	grouper.DynamicClient
	dynamic grouper.DynamicGroup
}

// startDynamic starts a dynamic group and lets it settle.
func startDynamic(termination os.Signal, maxCapacity, eventBufferSize int) dynamicRun {
	dynamic := grouper.NewDynamic(termination, maxCapacity, eventBufferSize)
	return dynamicRun{start(dynamic), dynamic.Client(), dynamic}
}

// startMember starts one member in a dynamic group, and returns its process.
func startMember(runner ifrit.Runner) (ifrit.Process, dynamicRun) {
	GinkgoHelper()
	group := startDynamic(nil, 0, 0)
	group.Inserter() <- grouper.Member{"member", runner}
	process, found := group.Get("member")
	Expect(found).To(BeTrue())
	return process, group
}

// insert inserts the members one after the other, and lets each one settle.
func (d dynamicRun) insert(members ...grouper.Member) {
	for _, member := range members {
		d.Inserter() <- member
		settle()
	}
}

// offer inserts a member as soon as the group accepts it.
func (d dynamicRun) offer(member grouper.Member) (accepted *bool) {
	accepted = new(bool)
	go func() {
		select {
		case d.Inserter() <- member:
			*accepted = true
		case <-d.CloseNotifier():
		}
	}()
	settle()
	return accepted
}

// pass runs members that are ready and exit at once, one after the other.
func (d dynamicRun) pass(names ...string) {
	for _, name := range names {
		d.insert(grouper.Member{name, flash})
	}
}

// end closes the group, which then exits.
func (d dynamicRun) end() {
	GinkgoHelper()
	d.Close()
	settle()
	Expect(d.exited).To(BeTrue())
}
