package grouper_test

import (
	"errors"
	"os"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/seed-3b777528/grouper"
	"github.com/seed-3b777528/grouper/fakes"
	"github.com/tedsuo/ifrit"
)

var _ = Describe("Wrap", func() {
	It("W1: calls wrap once per run, and runs what it returned on the same goroutine with the same channels", bubble(func() {
		type channels struct {
			signals <-chan os.Signal
			ready   chan<- struct{}
		}
		var got []channels
		var panicked any
		wrap := grouper.Wrap(untilSignaled, func(ifrit.Runner) ifrit.Runner {
			return ifrit.RunFunc(func(signals <-chan os.Signal, ready chan<- struct{}) error {
				got = append(got, channels{signals, ready})
				if len(got) == 3 {
					panic("here")
				}
				return errBoom
			})
		})
		signals, ready := make(chan os.Signal), make(chan struct{})
		for range 2 {
			Expect(wrap.Run(signals, ready)).To(BeIdenticalTo(errBoom))
		}
		func() {
			defer func() { panicked = recover() }()
			_ = wrap.Run(signals, ready)
		}()
		Expect(panicked).To(Equal("here"))
		Expect(got).To(HaveEach(channels{signals, ready}))
		Expect(got).To(HaveLen(3))
	}))

	It("W1: does nothing before it runs", func() {
		grouper.Wrap(untilSignaled, func(ifrit.Runner) ifrit.Runner { panic("was called") })
		grouper.Wrap(nil, func(ifrit.Runner) ifrit.Runner { panic("was called") })
	})

	DescribeTable("W1: exits with ErrNilRunner, even as a member, with", func(wrap ifrit.Runner) {
		bubble(func() {
			alone := start(wrap)
			Expect(alone.err).To(Equal(grouper.ErrNilRunner))
			Expect(alone.isReady()).To(BeFalse())
			Expect(start(grouper.NewParallel(nil, grouper.Members{{"a", wrap}})).trace()).To(HaveExactElements("a: " + grouper.ErrNilRunner.Error()))
		})()
	},
		Entry("a nil runner", grouper.Wrap(nil, func(ifrit.Runner) ifrit.Runner { panic("was called") })),
		Entry("a nil runner and a nil wrap", grouper.Wrap(nil, nil)),
		Entry("a nil wrapper", grouper.Wrap(untilSignaled, func(ifrit.Runner) ifrit.Runner { return nil })),
		Entry("a nil runner in the middle", grouper.Wrap(grouper.Wrap(nil, transparent), transparent)),
		Entry("a nil runner below an Observe", grouper.Wrap(grouper.Observe(nil, func(grouper.Event) {}), transparent)),
	)

	It("W1: treats a nil wrap as the identity", bubble(func() {
		run := start(grouper.Wrap(spinner, nil))
		Expect(run.isReady()).To(BeTrue())
		run.signal(interrupt)
		Expect(run.err).To(Equal(errBoom))
	}))

	It("W1: keeps what the wrapper makes out of the tree", bubble(func() {
		companion := func(inside ifrit.Runner) ifrit.Runner {
			return grouper.NewParallel(nil, grouper.Members{{"companion", spinner}, {"inside", inside}})
		}
		events, tree := watched(grouper.NewOrdered(nil, grouper.Members{{"outer", grouper.Wrap(spinner, companion)}}))
		run := start(tree)
		Expect(labels()).To(And(HaveKeyWithValue("companion", 2), Not(HaveKey("outer/companion"))))
		run.signal(interrupt)
		Expect(events.paths()).To(ConsistOf("", "outer"))
		Expect(inspect(tree).Members[0].Group).To(BeNil())
	}))

	for how, wrap := range wrappers {
		It("W2: keeps paths, labels and observers through a wrapper that "+how, bubble(func() {
			jobs := grouper.NewDynamic(nil, 0, 0)
			inner := grouper.NewParallel(nil, grouper.Members{{"leaf", spinner}, {"jobs", jobs}})
			events, tree := watched(grouper.NewOrdered(nil, grouper.Members{
				{"outer", grouper.Wrap(grouper.Wrap(inner, wrap), wrap)},
			}))
			run := start(tree)
			Expect(run.isReady()).To(BeTrue())
			jobs.Client().Inserter() <- grouper.Member{"job", spinner}
			settle()
			Expect(labels()).To(And(HaveKeyWithValue("outer/leaf", 2), HaveKeyWithValue("outer/jobs/job", 2), HaveKey("outer/jobs")))
			Expect(labels()).NotTo(Or(HaveKey("leaf"), HaveKey("jobs/job"), HaveKey("x/leaf")))
			Expect(events.paths()).To(ConsistOf("", "outer", "outer/leaf", "outer/jobs", "outer/jobs/job"))
			Expect(inspect(tree).Members[0].Group.Members).To(HaveLen(2))
			run.signal(interrupt)
			Expect(run.exited).To(BeTrue())
			Expect(errors.Is(run.err, errBoom)).To(BeTrue())
		}))
	}

	It("W2: labels the goroutines on which wrappers run the stand-in", bubble(func() {
		run := start(grouper.NewParallel(nil, grouper.Members{{"plain", grouper.Wrap(spinner, sigmonned)}}))
		Expect(labels()["plain"]).To(BeNumerically(">=", 3), "the wrapper, the runner, and the runner's own")
		run.signal(interrupt)
	}))

	It("W2, I4: labels a goroutine that was not started by the member, and on which a wrapper runs the stand-in", bubble(func() {
		work := make(chan func())
		go func() {
			for next := range work {
				next()
			}
		}()
		elsewhere := func(inside ifrit.Runner) ifrit.Runner {
			return ifrit.RunFunc(func(signals <-chan os.Signal, ready chan<- struct{}) error {
				done := make(chan error)
				work <- func() {
					err := inside.Run(signals, ready)
					done <- err
				}
				return <-done
			})
		}
		run := start(grouper.NewParallel(nil, grouper.Members{{"a", grouper.Wrap(spinner, elsewhere)}}))
		Expect(labels()).To(HaveKeyWithValue("a", 3), "the wrapper, the runner, and the runner's own")
		run.signal(interrupt)
		close(work)
	}))

	It("W2: hides a run that outlives its wrapper from observers", bubble(func() {
		members, runners := crew(2)
		group := grouper.NewParallel(nil, members)
		events, tree := watched(grouper.NewParallel(nil, grouper.Members{{"w", grouper.Wrap(group, abandoned)}, {"other", untilSignaled}}))
		run := start(tree)
		ready(runners[0])
		before := len(events.told())
		process, found := grouper.Find(tree, "w")
		Expect(found).To(BeTrue())
		process.Signal(interrupt)
		settle()
		Expect(events.told()[before:]).To(HaveExactElements("w exited", ". failed"), "w was never ready")
		ready(runners[1])
		Expect(inspect(tree).Members[0].Group.State).To(Equal(grouper.StateReady))
		Expect(process.Ready()).NotTo(BeClosed())
		exitAll(runners...)
		Expect(events.told()[before:]).To(HaveLen(2))
		Expect(inspect(tree).Members[0].Group.State).To(Equal(grouper.StateExited))
		run.signal(interrupt)
	}))

	It("W2: closes no ready channel after its wrapper has returned", bubble(func() {
		for _, inside := range []func(*fakes.Runner) ifrit.Runner{
			func(runner *fakes.Runner) ifrit.Runner { return runner },
			func(runner *fakes.Runner) ifrit.Runner {
				return grouper.NewParallel(nil, grouper.Members{{"a", runner}})
			},
		} {
			runner := fakes.NewRunner()
			run := start(grouper.Wrap(inside(runner), abandoned))
			run.signal(interrupt)
			Expect(run.exited).To(BeTrue())
			ready(runner)
			Expect(run.isReady()).To(BeFalse())
			exit(runner, nil)
		}
	}))

	It("W2: hides a run that begins after its wrapper has returned from observers", bubble(func() {
		var kept ifrit.Runner
		events, tree := watched(grouper.NewParallel(nil, grouper.Members{{"w", grouper.Wrap(
			grouper.NewOrdered(nil, grouper.Members{{"leaf", untilSignaled}}),
			func(inside ifrit.Runner) ifrit.Runner {
				kept = inside
				return leaver
			})}, {"other", untilSignaled}}))
		run := start(tree)
		before := len(events.told())
		late := start(kept)
		Expect(late.isReady()).To(BeTrue())
		late.signal(interrupt)
		Expect(late.exited).To(BeTrue())
		Expect(events.told()).To(HaveLen(before))
		run.signal(interrupt)
	}))
})
