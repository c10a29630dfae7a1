package grouper_test

import (
	"context"
	"os"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/seed-3b777528/grouper"
	"github.com/seed-3b777528/grouper/fakes"
	"github.com/tedsuo/ifrit"
)

var _ = Describe("Inspect of a member that was not started", func() {
	It("I2, I6, W4: shows no times and no age, but the group and the Wrap that it will run", bubble(func() {
		starting := fakes.NewRunner()
		inner := grouper.NewParallel(nil, grouper.Members{{"z", untilSignaled}})
		group := grouper.NewOrdered(nil, grouper.Members{
			{"a", starting},
			{"plain", untilSignaled},
			{"wrapped", grouper.Wrap(grouper.WorkerFunc(func(context.Context) error { return nil }), nil)},
			{"wrapped group", grouper.Observe(grouper.Wrap(inner, func(r ifrit.Runner) ifrit.Runner { return r }), nil)},
		})
		run := start(group)
		time.Sleep(time.Minute)
		Expect(inspect(group).Members[0].For).To(Equal(time.Minute))
		wrapped := &grouper.WrappedStatus{State: grouper.StatePending}
		Expect(inspect(group).Members[1:]).To(HaveExactElements(
			grouper.MemberStatus{Name: "plain", State: grouper.StatePending},
			grouper.MemberStatus{Name: "wrapped", State: grouper.StatePending, Wrapped: wrapped},
			grouper.MemberStatus{Name: "wrapped group", State: grouper.StatePending, Wrapped: wrapped, Group: &grouper.Status{
				Kind: grouper.KindParallel, State: grouper.StatePending,
				Members: []grouper.MemberStatus{{Name: "z", State: grouper.StatePending}},
			}},
		))
		exit(starting, nil)
		Expect(run.exited).To(BeTrue())
	}))

	It("I1: shows no age by a real clock either", func() {
		began := make(chan struct{})
		group := grouper.NewOrdered(nil, grouper.Members{
			{"never ready", ifrit.RunFunc(func(signals <-chan os.Signal, _ chan<- struct{}) error {
				close(began)
				<-signals
				return nil
			})},
			{"pending", untilSignaled},
		})
		process := ifrit.Background(group)
		<-began
		Expect(inspect(group).Members[1]).To(Equal(grouper.MemberStatus{Name: "pending", State: grouper.StatePending}))
		process.Signal(os.Interrupt)
		Expect(<-process.Wait()).To(Succeed())
	})

	It("I2: shows that a dynamic group is closed before it runs", func() {
		group := grouper.NewDynamic(nil, 0, 0)
		Expect(inspect(group).Closed).To(BeFalse())
		group.Client().Close()
		Expect(inspect(group).Closed).To(BeTrue())
	})
})
