package grouper_test

import (
	"errors"
	"os"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/seed-3b777528/grouper"
	"github.com/seed-3b777528/grouper/fakes"
	"github.com/tedsuo/ifrit"
)

var _ = Describe("The drawing of a status", func() {
	// pausing runs what is inside repeatedly, with a minute in between.
	pausing := func(inside ifrit.Runner) ifrit.Runner {
		return ifrit.RunFunc(func(signals <-chan os.Signal, ready chan<- struct{}) error {
			for {
				err := inside.Run(signals, ready)
				select {
				case <-signals:
					return err
				case <-time.After(time.Minute):
				}
			}
		})
	}
	drawn := func(tree ifrit.Runner) string {
		GinkgoHelper()
		return "\n" + inspect(tree).String()
	}

	It("W4, I7: shows what is inside a wrapped member if that adds something, and marks it while it is down", bubble(func() {
		broker := fakes.NewRunner()
		tree := grouper.NewOrdered(nil, grouper.Members{{"broker", grouper.Wrap(broker, pausing)}, {"api", untilSignaled}})
		run := start(tree)
		Expect(drawn(tree)).To(Equal(`
ordered group  starting  0s
├── broker     starting  0s  <- waiting
└── api        pending
`))
		ready(broker)
		Expect(drawn(tree)).To(Equal(`
ordered group  ready  0s
├── broker     ready  0s
└── api        ready  0s
`))
		refused := errors.New("connection refused")
		for range 4 {
			exit(broker, refused)
			time.Sleep(2 * time.Second)
			if inspect(tree).Members[0].Wrapped.Runs < 4 {
				time.Sleep(58 * time.Second)
				settle()
			}
		}
		Expect(drawn(tree)).To(Equal(`
ordered group  ready  3m2s
├── broker     ready  3m2s  down 2s after 4 runs: connection refused, <- waiting
└── api        ready  3m2s
`))
		time.Sleep(time.Minute)
		settle()
		Expect(drawn(tree)).To(ContainSubstring("broker     ready  4m2s  run 5 starting 2s, <- waiting\n"))
		ready(broker)
		time.Sleep(time.Second)
		settle()
		Expect(drawn(tree)).To(ContainSubstring("broker     ready  4m3s  run 5 ready 1s\n"))
		run.signal(interrupt)
		run.signal(terminate)
		Expect(drawn(tree)).To(ContainSubstring("broker     stopping  0s  run 5 ready 1s, <- waiting\n"))
		exit(broker, nil)
		run.signal(hangUp)
		Expect(run.exited).To(BeTrue())
		Expect(drawn(tree)).To(ContainSubstring("broker     exited  0s  down 0s after 5 runs\n"))
	}))

	DescribeTable("W4: describes a run in a few words:", func(wrapped grouper.WrappedStatus, want string) {
		Expect(wrapped.String()).To(Equal(want))
	},
		Entry("down after one", grouper.WrappedStatus{Runs: 1, State: grouper.StateExited, For: time.Second}, "down 1s after 1 run"),
		Entry("down with an error of several lines", grouper.WrappedStatus{Runs: 2, State: grouper.StateExited, Err: errors.New("a\nb")}, "down 0s after 2 runs: a; b"),
		Entry("starting", grouper.WrappedStatus{Runs: 5, State: grouper.StateStarting, For: 90 * time.Second}, "run 5 starting 1m30s"),
		Entry("ready", grouper.WrappedStatus{Runs: 1, State: grouper.StateReady}, "run 1 ready 0s"),
	)

	DescribeTable("W4: shows a run", func(member grouper.State, wrapped grouper.WrappedStatus, shown string) {
		status := grouper.Status{Kind: grouper.KindDynamic, State: grouper.StateReady, Members: []grouper.MemberStatus{
			{Name: "w", State: member, Wrapped: &wrapped},
		}}
		line := strings.Split(status.String(), "\n")[1]
		if shown == "" {
			Expect(strings.Fields(line)).To(HaveLen(4), line)
		} else {
			Expect(line).To(HaveSuffix("  " + shown))
		}
	},
		Entry("not before there was one", grouper.StateStarting, grouper.WrappedStatus{State: grouper.StatePending}, ""),
		Entry("not in the same state", grouper.StateReady, grouper.WrappedStatus{Runs: 1, State: grouper.StateReady}, ""),
		Entry("not when both have exited", grouper.StateExited, grouper.WrappedStatus{Runs: 1, State: grouper.StateExited}, ""),
		Entry("in another state", grouper.StateReady, grouper.WrappedStatus{Runs: 1, State: grouper.StateStarting}, "run 1 starting 0s"),
		Entry("that has exited in a member that is ready", grouper.StateReady, grouper.WrappedStatus{Runs: 1, State: grouper.StateExited}, "down 0s after 1 run"),
		Entry("that has exited in a member that is stopping", grouper.StateStopping, grouper.WrappedStatus{Runs: 1, State: grouper.StateExited}, "down 0s after 1 run"),
		Entry("that goes on in a member that has exited", grouper.StateExited, grouper.WrappedStatus{Runs: 1, State: grouper.StateReady}, "run 1 ready 0s"),
		Entry("after others", grouper.StateReady, grouper.WrappedStatus{Runs: 2, State: grouper.StateReady}, "run 2 ready 0s"),
	)

	It("I3: draws each error once, even those of runs that are down", bubble(func() {
		fails := ifrit.RunFunc(func(<-chan os.Signal, chan<- struct{}) error { return errBoom })
		group := grouper.NewParallel(nil, grouper.Members{{"a", fails}, {"b", untilSignaled}})
		tree := grouper.NewParallel(nil, grouper.Members{{"g", grouper.Wrap(group, twice)}, {"w", grouper.Wrap(fails, twice)}})
		run := start(tree)
		run.signal(interrupt)
		run.signal(interrupt)
		Expect(run.exited).To(BeTrue())
		Expect(drawn(tree)).To(Equal(`
parallel group  exited  0s  interrupt
├── g           exited  0s  parallel group, interrupt, down 0s after 2 runs
│   ├── a       exited  0s  error: boom
│   └── b       exited  0s
└── w           exited  0s  down 0s after 2 runs, error: boom
`))
	}))
})
