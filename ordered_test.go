package grouper_test

import (
	"os"
	"slices"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/seed-3b777528/grouper"
	"github.com/seed-3b777528/grouper/fakes"
	"github.com/tedsuo/ifrit"
)

// The rules of ordered and queue-ordered groups (O, Q).
var _ = Describe("An ordered group", func() {
	for _, order := range []struct {
		name  string
		group func(os.Signal, grouper.Members) ifrit.Runner
		// stopping returns the runners in the order in which they must stop.
		stopping func([]*fakes.Runner) []*fakes.Runner
	}{
		{"O: that stops in reverse", grouper.NewOrdered, func(runners []*fakes.Runner) []*fakes.Runner {
			reversed := slices.Clone(runners)
			slices.Reverse(reversed)
			return reversed
		}},
		{"Q: that stops in its order", grouper.NewQueueOrdered, slices.Clone[[]*fakes.Runner]},
	} {
		Describe(order.name, func() {
			var (
				runners, stopping []*fakes.Runner
				group             *run
			)

			// begin starts a group of n members, some of which become ready.
			begin := func(termination os.Signal, n, readied int) {
				var members grouper.Members
				members, runners = crew(n)
				group = start(order.group(termination, members))
				for _, runner := range runners[:readied] {
					ready(runner)
				}
				stopping = order.stopping(runners[:min(readied+1, n)])
			}

			It("O1: starts each member when the previous one is ready, and is ready when the last one is", bubble(func() {
				begin(terminate, 3, 0)
				Expect(starts(runners)).To(Equal([]int{1, 0, 0}))
				ready(runners[0])
				Expect(starts(runners)).To(Equal([]int{1, 1, 0}))
				ready(runners[1])
				Expect(starts(runners)).To(Equal([]int{1, 1, 1}))
				Expect(group.isReady()).To(BeFalse())
				ready(runners[2])
				Expect(group.isReady()).To(BeTrue())

				group.signal(interrupt)
				for _, runner := range stopping {
					exit(runner, nil)
				}
				exitAll(runners...)
				Expect(group.exited).To(BeTrue())
			}))

			// Nil signals keep the loop busy, so that it finds the first
			// member's readiness and the signal at the same time.
			It("O1: handles a signal that is already pending before it starts the next member", func() {
				for range 20 {
					bubble(func() {
						members, runners := crew(2)
						members[0].Runner = untilSignaled
						signals := make(chan os.Signal, 1000)
						for range cap(signals) - 1 {
							signals <- nil
						}
						signals <- interrupt
						ready := make(chan struct{})
						Expect(order.group(terminate, members).Run(signals, ready)).To(Succeed())
						Expect(runners[1].Starts()).To(BeZero())
						Expect(ready).NotTo(BeClosed())
					})()
				}
			})

			It("O1: starts the first member, and passes it a signal that was already pending", bubble(func() {
				members, runners := crew(2)
				signals := make(chan os.Signal, 1)
				signals <- interrupt
				var err error
				go func() { err = order.group(terminate, members).Run(signals, make(chan struct{})) }()
				settle()
				Expect(starts(runners)).To(Equal([]int{1, 0}))
				Expect(runners[0].Signals()).To(HaveExactElements(interrupt))
				exit(runners[0], errBoom)
				Expect(err).To(MatchError(errBoom))
			}))

			It("O2: stops one member at a time, each when the one before it has exited", bubble(func() {
				begin(terminate, 3, 3)
				group.signal(interrupt)
				for i, runner := range stopping {
					Expect(runner.Signals()).To(HaveExactElements(interrupt))
					for _, later := range stopping[i+1:] {
						Expect(later.Signals()).To(BeEmpty())
					}
					Expect(group.exited).To(BeFalse())
					exit(runner, nil)
				}
				Expect(group.exited).To(BeTrue())
				Expect(group.err).NotTo(HaveOccurred())
			}))

			It("O2, S1: passes over members that have exited, and records exits when they happen", bubble(func() {
				begin(nil, 4, 4)
				exit(stopping[1], errBoom)
				group.signal(interrupt)
				exit(stopping[2], nil)
				Expect(stopping[3].Signals()).To(BeEmpty())
				exit(stopping[0], nil)
				Expect(stopping[3].Signals()).To(HaveExactElements(interrupt))
				exit(stopping[3], nil)

				names := make(map[*fakes.Runner]string)
				for i, runner := range runners {
					names[runner] = string(rune('a' + i))
				}
				Expect(group.trace()).To(HaveExactElements(
					names[stopping[1]]+": boom", names[stopping[2]], names[stopping[0]], names[stopping[3]]))
			}))

			It("O2, G4: stops with the termination signal after a member has exited", bubble(func() {
				begin(terminate, 3, 3)
				exit(stopping[1], errBoom)
				Expect(stopping[0].Signals()).To(HaveExactElements(terminate))
				Expect(stopping[2].Signals()).To(BeEmpty())
				exit(stopping[0], nil)
				Expect(stopping[2].Signals()).To(HaveExactElements(terminate))
				exit(stopping[2], nil)
				Expect(group.exited).To(BeTrue())
			}))

			It("O3: passes a different signal to the member being stopped and to the ones after it", bubble(func() {
				begin(terminate, 3, 3)
				group.signal(interrupt)
				group.signal(terminate)
				Expect(stopping[0].Signals()).To(HaveExactElements(interrupt, terminate))
				Expect(stopping[1].Signals()).To(BeEmpty())
				exit(stopping[0], nil)
				Expect(stopping[1].Signals()).To(HaveExactElements(terminate))
				group.signal(interrupt)
				Expect(stopping[1].Signals()).To(HaveExactElements(terminate, interrupt))
				exit(stopping[1], nil)
				Expect(stopping[2].Signals()).To(HaveExactElements(interrupt))
				exitAll(runners...)
			}))

			It("O3: drops a repeat of the latest signal", bubble(func() {
				begin(terminate, 2, 2)
				group.signal(interrupt)
				group.signal(interrupt)
				Expect(stopping[0].Signals()).To(HaveExactElements(interrupt))
				exit(stopping[0], nil)
				group.signal(interrupt)
				Expect(stopping[1].Signals()).To(HaveExactElements(interrupt))
				exitAll(runners...)
			}))

			It("O3: drops a signal that repeats the termination signal", bubble(func() {
				begin(terminate, 2, 2)
				exit(stopping[1], nil)
				group.signal(terminate)
				Expect(stopping[0].Signals()).To(HaveExactElements(terminate))
				exitAll(runners...)
			}))

			It("O3: treats signals that cannot be compared as different", bubble(func() {
				begin(terminate, 1, 1)
				group.signal(incomparable{"first"})
				group.signal(incomparable{"first"})
				Expect(stopping[0].Signals()).To(HaveLen(2))
				exitAll(runners...)
				Expect(group.exited).To(BeTrue())
			}))

			It("O4, G7: stops a member that is still starting, and starts none after it", bubble(func() {
				begin(terminate, 3, 1)
				group.signal(interrupt)
				Expect(stopping[0].Signals()).To(HaveExactElements(interrupt))
				ready(runners[1])
				exit(stopping[0], nil)
				Expect(stopping[1].Signals()).To(HaveExactElements(interrupt))
				exit(stopping[1], nil)
				Expect(group.exited).To(BeTrue())
				Expect(group.isReady()).To(BeFalse())
				Expect(runners[2].Starts()).To(BeZero())
			}))

			It("G5: starts no further member after one has exited before it was ready", bubble(func() {
				begin(nil, 3, 1)
				exit(runners[1], errBoom)
				Expect(runners[0].Signals()).To(BeEmpty())
				Expect(group.exited).To(BeFalse())
				exit(runners[0], nil)
				Expect(group.trace()).To(HaveExactElements("b: boom", "a"))
				Expect(runners[2].Starts()).To(BeZero())
			}))

			It("G5: goes on starting after a ready member has exited", bubble(func() {
				begin(nil, 3, 1)
				exit(runners[0], errBoom)
				ready(runners[1])
				ready(runners[2])
				Expect(group.isReady()).To(BeTrue())
				exitAll(runners...)
				Expect(group.trace()).To(HaveExactElements("a: boom", "b", "c"))
			}))

			It("G5: goes on even if every member so far has exited right after it was ready", bubble(func() {
				members, runners := crew(3)
				members[0].Runner, members[1].Runner = flash, flash
				group := start(order.group(nil, members))
				Expect(runners[2].Starts()).To(Equal(1))
				ready(runners[2])
				Expect(group.isReady()).To(BeTrue())
				exit(runners[2], nil)
				Expect(group.exited).To(BeTrue())
			}))

			It("G9: needs no further goroutine while it starts", bubble(func() {
				begin(terminate, 5, 3)
				Expect(goroutines()).To(Equal(4 + 1))
				group.signal(interrupt)
				for _, runner := range stopping {
					exit(runner, nil)
				}
				Expect(goroutines()).To(BeZero())
			}))
		})
	}
})

// incomparable is a signal whose comparison panics.
type incomparable []string

func (incomparable) Signal()        {}
func (incomparable) String() string { return "incomparable" }
