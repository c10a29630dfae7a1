package grouper_test

import (
	"errors"
	"os"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/seed-3b777528/grouper"
	"github.com/seed-3b777528/grouper/fakes"
	"github.com/tedsuo/ifrit"
	"github.com/tedsuo/ifrit/sigmon"
)

var _ = Describe("Wrap", func() {
	It("W3: is inspected as the latest run through it, and before the first one as the group inside", bubble(func() {
		members, runners := crew(1)
		group := grouper.NewOrdered(nil, members)
		one := grouper.Wrap(grouper.Observe(grouper.Wrap(group, transparent), nil), transparent)
		other := grouper.Observe(grouper.Wrap(group, transparent), nil)
		Expect(states(one)).To(HaveExactElements(grouper.StatePending, grouper.StatePending))
		start(group)
		Expect(states(one)).To(HaveExactElements(grouper.StateStarting, grouper.StateStarting))
		exit(runners[0], nil)
		Expect(states(one)).To(HaveExactElements(grouper.StateExited, grouper.StateExited))
		start(one)
		ready(runners[0])
		Expect(states(other)).To(HaveExactElements(grouper.StateReady, grouper.StateReady), "the group's last run")
		exit(runners[0], nil)
		start(other)
		Expect(states(one)).To(HaveExactElements(grouper.StateExited, grouper.StateExited))
		Expect(states(other)).To(HaveExactElements(grouper.StateStarting, grouper.StateStarting))
		exitAll(runners...)
	}))

	It("W3: is not inspected if there is no group inside", func() {
		for _, runner := range []ifrit.Runner{
			grouper.Wrap(nil, nil), grouper.Wrap(untilSignaled, transparent), grouper.Observe(nil, nil),
			grouper.Observe(grouper.Wrap(untilSignaled, nil), nil),
			grouper.Wrap(sigmon.New(grouper.NewParallel(nil, nil)), transparent),
		} {
			status, ok := grouper.Inspect(runner)
			Expect(ok).To(BeFalse())
			Expect(status).To(BeZero())
		}
	})

	It("W3, I9: shows the run in its own place if it stands in several", bubble(func() {
		members, runners := crew(1)
		shared := grouper.Wrap(grouper.NewOrdered(nil, members), transparent)
		tree := grouper.NewOrdered(nil, grouper.Members{{"one", shared}, {"other", shared}})
		start(tree)
		ready(runners[0])
		one, other := inspect(tree).Members[0], inspect(tree).Members[1]
		Expect(one.Group.State).To(Equal(grouper.StateReady))
		Expect(other.Group.State).To(Equal(grouper.StateStarting))
		exitAll(runners...)
		exitAll(runners...)
	}))

	It("W4: counts the runs inside, and shows the state, times and error of the last one", bubble(func() {
		runner := fakes.NewRunner()
		wrapped := func(tree ifrit.Runner) grouper.WrappedStatus {
			GinkgoHelper()
			return *inspect(tree).Members[0].Wrapped
		}
		var pause time.Duration
		sleepy := func(inside ifrit.Runner) ifrit.Runner {
			return ifrit.RunFunc(func(signals <-chan os.Signal, ready chan<- struct{}) error {
				close(ready)
				for {
					time.Sleep(time.Second)
					_ = inside.Run(signals, nil)
					if pause++; pause == 2 {
						return nil
					}
				}
			})
		}
		tree := grouper.NewParallel(nil, grouper.Members{{"a", grouper.Observe(grouper.Wrap(runner, sleepy), nil)}})
		Expect(wrapped(tree)).To(Equal(grouper.WrappedStatus{State: grouper.StatePending}))
		start(tree)
		Expect(wrapped(tree)).To(Equal(grouper.WrappedStatus{State: grouper.StatePending}))
		Expect(inspect(tree).Members[0].State).To(Equal(grouper.StateReady))

		time.Sleep(time.Second)
		settle()
		began := time.Now()
		time.Sleep(time.Second)
		settle()
		Expect(wrapped(tree)).To(And(HaveField("Runs", 1), HaveField("State", grouper.StateStarting),
			HaveField("Since", BeTemporally("==", began)), HaveField("For", time.Second)))
		ready(runner)
		becameReady := time.Now()
		time.Sleep(time.Second)
		settle()
		Expect(wrapped(tree)).To(And(HaveField("Runs", 1), HaveField("State", grouper.StateReady),
			HaveField("Since", BeTemporally("==", becameReady)), HaveField("Err", BeNil())))
		exit(runner, errBoom)
		exited := time.Now()
		Expect(wrapped(tree)).To(And(HaveField("Runs", 1), HaveField("State", grouper.StateExited),
			HaveField("Err", errBoom), HaveField("Times.Stopping", BeZero()),
			HaveField("Times.Started", BeTemporally("==", began)), HaveField("Times.Ready", BeTemporally("==", becameReady)),
			HaveField("Times.Exited", BeTemporally("==", exited))))
		Expect(inspect(tree).Members[0]).To(And(HaveField("State", grouper.StateReady), HaveField("Err", BeNil())), "the wrapper's")

		time.Sleep(time.Second)
		settle()
		Expect(wrapped(tree)).To(And(HaveField("Runs", 2), HaveField("State", grouper.StateStarting), HaveField("Err", BeNil()),
			HaveField("Times.Ready", BeZero()), HaveField("Times.Exited", BeZero())))
		exit(runner, errBoom)
		Expect(inspect(tree).Members[0]).To(And(HaveField("State", grouper.StateExited), HaveField("Err", BeNil())))
		Expect(wrapped(tree)).To(And(HaveField("Runs", 2), HaveField("Err", errBoom)))
	}))

	It("W4: shows what is in the innermost of several Wraps, and counts through the life of the member", bubble(func() {
		exits := ifrit.RunFunc(func(<-chan os.Signal, chan<- struct{}) error { return errBoom })
		tree := grouper.NewParallel(nil, grouper.Members{
			{"a", grouper.Wrap(grouper.Observe(grouper.Wrap(exits, twice), nil), twice)},
			{"b", untilSignaled},
			{"c", grouper.NewOrdered(nil, grouper.Members{{"d", grouper.Wrap(exits, nil)}})},
		})
		for _, member := range inspect(tree).Members {
			Expect(member.Wrapped != nil).To(Equal(member.Name == "a"))
		}
		run := start(tree)
		Expect(inspect(tree).Members[0].Wrapped.Runs).To(Equal(4))
		Expect(inspect(tree).Members[1].Wrapped).To(BeNil())
		Expect(inspect(tree).Members[2].Wrapped).To(BeNil())
		Expect(inspect(tree).Members[2].Group.Members[0].Wrapped.Runs).To(Equal(1))
		run.signal(interrupt)
		run = start(tree)
		Expect(inspect(tree).Members[0].Wrapped.Runs).To(Equal(4), "of this run of the tree alone")
		run.signal(interrupt)
	}))

	It("W4, W5: lets a panic through, and if the wrapper recovers it, the run has exited with an error that says so", bubble(func() {
		reason := errors.New("reason")
		events, tree := watched(grouper.NewParallel(nil, grouper.Members{
			{"a", grouper.Wrap(ifrit.RunFunc(func(<-chan os.Signal, chan<- struct{}) error { panic(reason) }), recovering)},
		}))
		run := start(tree)
		Expect(run.trace()).To(HaveExactElements("a: reason"))
		Expect(inspect(tree).Members[0].Wrapped).To(And(HaveField("State", grouper.StateExited),
			HaveField("Err", MatchError(ContainSubstring("panic")))))
		Expect(events.told()).To(ContainElement(HavePrefix("a#1 exited: grouper: run ended by a panic")))
	}))

	It("W4: may be inspected while a run inside ends", func() {
		for range 50 {
			tree := grouper.NewParallel(nil, grouper.Members{{"a", grouper.Wrap(flash, nil)}})
			process := ifrit.Background(tree)
			for exited := process.Wait(); len(exited) == 0; {
				inspect(tree)
			}
			Expect(inspect(tree).Members[0].Wrapped.State).To(Equal(grouper.StateExited))
		}
	})
})
