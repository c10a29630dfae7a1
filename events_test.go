package grouper_test

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/seed-3b777528/grouper"
	"github.com/seed-3b777528/grouper/fakes"
)

// The rules of listeners (L) about both kinds together.
var _ = Describe("Listeners", func() {
	It("L3: of entrances are closed once the group is closed and every member has entered", bubble(func() {
		group := startDynamic(nil, 0, 0)
		entrances, exits := group.EntranceListener(), group.ExitListener()
		members, runners := crew(2)
		for _, member := range members {
			group.Inserter() <- member
		}
		ready(runners[0])
		group.Close()
		got, closed := readNames(entrances, nil)
		Expect(got).To(Equal([]string{"a"}))
		Expect(closed).To(BeFalse())
		ready(runners[1])
		got, closed = readNames(entrances, nil)
		Expect(got).To(Equal([]string{"b"}))
		Expect(closed).To(BeTrue())
		exit(runners[0], nil)
		got, closed = readNames(nil, exits)
		Expect(got).To(Equal([]string{"a"}))
		Expect(closed).To(BeFalse())
		exit(runners[1], nil)
		got, closed = readNames(nil, exits)
		Expect(got).To(Equal([]string{"b"}))
		Expect(closed).To(BeTrue())
	}))

	It("L3: of entrances are closed with a group that never ran", bubble(func() {
		client := grouper.NewDynamic(nil, 0, 0).Client()
		before := client.EntranceListener()
		client.Close()
		Expect(before).To(BeClosed())
		Expect(client.EntranceListener()).To(BeClosed())
		Expect(client.ExitListener()).NotTo(BeClosed())
	}))

	It("L1: hold as many events as the buffer size says", bubble(func() {
		group := startDynamic(nil, 0, 5)
		Expect(cap(group.EntranceListener())).To(Equal(5))
		Expect(cap(group.ExitListener())).To(Equal(5))
		group.end()
	}))

	It("L1: hold the latest events as soon as they are made", bubble(func() {
		group := startDynamic(nil, 0, 3)
		group.pass("a", "b", "c", "d")
		for range 100 {
			Expect(len(group.EntranceListener())).To(Equal(3))
			Expect(len(group.ExitListener())).To(Equal(3))
		}
		group.end()
	}))

	It("D5: get one entrance and one exit for each member", bubble(func() {
		group := startDynamic(nil, 0, 10)
		entrances, exits := group.EntranceListener(), group.ExitListener()
		runner := fakes.NewRunner()
		group.Inserter() <- grouper.Member{"member", runner}
		settle()
		Expect(entrances).NotTo(Receive())
		ready(runner)
		var entrance grouper.EntranceEvent
		Expect(entrances).To(Receive(&entrance))
		Expect(entrance.Member).To(Equal(grouper.Member{"member", runner}))
		process, _ := group.Get("member")
		Expect(entrance.Process).To(BeIdenticalTo(process))
		exit(runner, errBoom)
		Expect(exits).To(Receive(Equal(grouper.ExitEvent{grouper.Member{"member", runner}, errBoom})))
		group.end()
		Expect(entrances).To(BeClosed())
		Expect(exits).To(BeClosed())
	}))
})

// readNames reads what is there to be read, and reports whether that was all.
func readNames(entrances <-chan grouper.EntranceEvent, exits <-chan grouper.ExitEvent) (names []string, closed bool) {
	for {
		settle()
		select {
		case event, open := <-entrances:
			if !open {
				return names, true
			}
			names = append(names, event.Member.Name)
		case event, open := <-exits:
			if !open {
				return names, true
			}
			names = append(names, event.Member.Name)
		default:
			return names, false
		}
	}
}
