package grouper_test

import (
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/seed-3b777528/grouper"
	"github.com/seed-3b777528/grouper/fakes"
	"github.com/tedsuo/ifrit"
)

var _ = Describe("Inspect", func() {
	It("I2: shows groups in groups, each in its latest run", bubble(func() {
		members, runners := crew(3)
		inner := grouper.NewOrdered(nil, members[1:])
		outer := grouper.NewOrdered(nil, grouper.Members{members[0], {"inner", inner}})
		innerStates := func() []grouper.State {
			group := *inspect(outer).Members[1].Group
			return []grouper.State{group.State, group.Members[0].State, group.Members[1].State}
		}
		Expect(innerStates()).To(HaveExactElements(pending, pending, pending))
		start(outer)
		ready(runners[0])
		ready(runners[1])
		Expect(innerStates()).To(HaveExactElements(starting, isReady, starting))
		exitAll(runners...)
		Expect(innerStates()).To(HaveExactElements(exited, exited, exited))

		start(outer) // S2
		Expect(innerStates()).To(HaveExactElements(pending, pending, pending))
		Expect(states(inner)).To(HaveExactElements(exited, exited, exited))
		exitAll(runners...)
	}))

	// In a bubble the time is before any that is taken outside of one.
	It("I2: shows a group that has run before as pending in the place of a pending member", func() {
		inner := grouper.NewParallel(nil, grouper.Members{{"nobody", nil}})
		outer := grouper.NewOrdered(nil, grouper.Members{{"inner", inner}})
		<-ifrit.Background(inner).Wait()
		Expect(states(inner)).To(HaveExactElements(exited, exited))
		Expect(inspect(outer).Members[0].Group.State).To(Equal(pending))
	})

	It("I2: shows a dynamic group as pending in the place of a member where it refused to run (D10)", bubble(func() {
		inner := grouper.NewDynamic(nil, 0, 0)
		inner.Client().Close()
		outer := grouper.NewParallel(nil, grouper.Members{{"inner", inner}})
		start(outer)
		Expect(inspect(outer).Members[0].Group.State).To(Equal(exited))
		time.Sleep(time.Second)
		start(outer)
		Expect(inspect(outer).Members[0].Err).To(HaveOccurred())
		Expect(inspect(outer).Members[0].Group.State).To(Equal(pending))
	}))

	It("I9, D10: shows no run of a dynamic group in a place where it refused to run", bubble(func() {
		shared := grouper.NewDynamic(nil, 0, 0)
		parent := grouper.NewParallel(nil, grouper.Members{{"one", shared}, {"other", shared}})
		run := start(parent)
		defer run.signal(interrupt)
		for _, member := range inspect(parent).Members {
			if member.State == exited {
				Expect(member.Group.State).To(Equal(pending))
			} else {
				Expect(member.Group.State).To(Equal(isReady))
			}
		}
	}))

	// The race detector would report it, too.
	for _, kind := range staticKinds {
		It("I2, S4: does not read members that may have been changed, in a pending group that has run before and is "+kind.name, bubble(func() {
			leaf := grouper.Members{{"leaf", untilSignaled}}
			members := grouper.Members{{"member", kind.group(nil, leaf)}}
			inner := kind.group(nil, members)
			gate := fakes.NewRunner()
			outer := grouper.NewOrdered(nil, grouper.Members{{"gate", gate}, {"inner", inner}})
			run := start(outer)
			ready(gate)
			run.signal(interrupt)
			exitAll(gate)
			Expect(run.exited).To(BeTrue())

			run = start(outer)
			defer func() {
				run.signal(interrupt)
				exitAll(gate)
			}()
			go func() {
				leaf[0] = grouper.Member{"changed", nil}
				members[0] = grouper.Member{"changed", nil}
			}()
			inspect(outer)
			settle()
			group := inspect(outer).Members[1].Group
			Expect(group.State).To(Equal(pending))
			Expect(group.Members).To(HaveExactElements(HaveField("Name", "member")))
			Expect(group.Members[0].Group.Members).To(HaveExactElements(HaveField("Name", "leaf")))
		}))
	}
})
