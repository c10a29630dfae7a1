package grouper_test

import (
	"os"
	"slices"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/seed-3b777528/grouper"
	"github.com/tedsuo/ifrit"
	"github.com/tedsuo/ifrit/restart"
)

func inspect(group ifrit.Runner) grouper.Status {
	GinkgoHelper()
	status, ok := grouper.Inspect(group)
	Expect(ok).To(BeTrue())
	return status
}

// The states, in short.
const (
	pending, starting, isReady = grouper.StatePending, grouper.StateStarting, grouper.StateReady
	failed, stopping, exited   = grouper.StateFailed, grouper.StateStopping, grouper.StateExited
)

// states returns the group's and its members' states.
func states(group ifrit.Runner) []grouper.State {
	GinkgoHelper()
	status := inspect(group)
	states := []grouper.State{status.State}
	for _, member := range status.Members {
		states = append(states, member.State)
	}
	return states
}

var _ = Describe("Inspect", func() {
	It("I1: knows only the groups of this package", func() {
		for _, other := range []ifrit.Runner{nil, untilSignaled, restart.Restarter{Runner: grouper.NewParallel(nil, nil)}} {
			status, ok := grouper.Inspect(other)
			Expect(ok).To(BeFalse())
			Expect(status).To(BeZero())
		}
	})

	for _, kind := range staticKinds {
		It("I1, I2: shows how far the members have come in a group that is "+kind.name, bubble(func() {
			members, runners := crew(2)
			group := kind.group(nil, members)
			Expect(states(group)).To(HaveExactElements(pending, pending, pending))
			run := start(group)
			Expect(inspect(group).Kind).To(Equal(grouper.Kind(kind.name)))
			ready(runners[0])
			Expect(states(group)).To(HaveExactElements(starting, isReady, starting))
			ready(runners[1])
			Expect(states(group)).To(HaveExactElements(isReady, isReady, isReady))
			exit(runners[0], errBoom)
			Expect(states(group)).To(HaveExactElements(isReady, exited, isReady))
			Expect(inspect(group).Members[0].Err).To(Equal(errBoom))
			Expect(inspect(group).Signal).To(BeNil())
			run.signal(interrupt)
			Expect(states(group)).To(HaveExactElements(stopping, exited, stopping))
			Expect(inspect(group).Signal).To(Equal(interrupt))
			exit(runners[1], nil)
			Expect(states(group)).To(HaveExactElements(exited, exited, exited))
			Expect(inspect(group).Members[1].Err).NotTo(HaveOccurred())
		}))
	}

	It("I2: shows a member as ready while its group waits for an earlier one", bubble(func() {
		members, runners := crew(3)
		group := grouper.NewParallel(nil, members)
		start(group)
		ready(runners[2])
		Expect(states(group)).To(HaveExactElements(starting, starting, starting, isReady))
		Expect(inspect(group).WaitingFor()).To(HaveExactElements("a", "b"))
		exitAll(runners...)
	}))

	It("I2: shows that a start-up is over (G5)", bubble(func() {
		members, runners := crew(3)
		group := grouper.NewOrdered(nil, members)
		start(group)
		ready(runners[0])
		time.Sleep(time.Minute)
		exit(runners[1], errBoom)
		failure := time.Now()
		time.Sleep(time.Hour)
		Expect(states(group)).To(HaveExactElements(failed, isReady, exited, pending))
		Expect(inspect(group).Since).To(BeTemporally("==", failure))
		Expect(inspect(group).For).To(Equal(time.Hour))
		Expect(inspect(group).WaitingFor()).To(BeEmpty())
		exit(runners[0], nil)
		Expect(states(group)).To(HaveExactElements(exited, exited, exited, pending))
	}))

	It("I2: lists the running members of a dynamic group, in the order of their inserts", bubble(func() {
		group := grouper.NewDynamic(nil, 0, 0)
		Expect(states(group)).To(HaveExactElements(pending))
		start(group)
		members, runners := crew(3)
		for _, i := range []int{2, 0, 1} {
			time.Sleep(time.Second)
			group.Client().Inserter() <- members[i]
			settle()
		}
		ready(runners[1])
		exit(runners[0], nil)
		status := inspect(group)
		Expect(status.Kind).To(Equal(grouper.KindDynamic))
		Expect([]string{status.Members[0].Name, status.Members[1].Name}).To(HaveExactElements("c", "b"))
		Expect(states(group)).To(HaveExactElements(isReady, starting, isReady))
		Expect(status.WaitingFor()).To(BeEmpty())
		Expect(status.Closed).To(BeFalse())
		group.Client().Close()
		status = inspect(group)
		Expect(status.Closed).To(BeTrue())
		Expect(status.WaitingFor()).To(HaveExactElements("c", "b"))
		Expect(status.String()).To(ContainSubstring("closed"))
		exitAll(runners...)
		Expect(states(group)).To(HaveExactElements(exited))
	}))

	It("I2: lists members that were inserted at the same moment in the order of their inserts", bubble(func() {
		group := grouper.NewDynamic(nil, 0, 0)
		start(group)
		members, runners := crew(10)
		slices.Reverse(members)
		var names []string
		for _, member := range members {
			group.Client().Inserter() <- member
			names = append(names, member.Name)
		}
		settle()
		var listed []string
		for _, member := range inspect(group).Members {
			listed = append(listed, member.Name)
		}
		Expect(listed).To(Equal(names))
		group.Client().Close()
		exitAll(runners...)
	}))

	It("I1: takes nothing from a member that sends on its ready channel", bubble(func() {
		sender := ifrit.RunFunc(func(signals <-chan os.Signal, ready chan<- struct{}) error {
			<-signals
			ready <- struct{}{}
			<-signals
			return nil
		})
		group := grouper.NewParallel(nil, grouper.Members{{"a", sender}, {"b", untilSignaled}})
		process := start(group)
		inspect(group)
		process.signal(interrupt) // stops b, and shuts the group down
		inspect(group)
		settle()
		process.signal(interrupt)
		Expect(process.exited).To(BeTrue())
	}))
})
