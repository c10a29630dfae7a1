package grouper_test

import (
	"os"
	"runtime"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/seed-3b777528/grouper"
	"github.com/tedsuo/ifrit"
)

var _ = Describe("Wrap", func() {
	It("W5: lets runtime.Goexit through, on any goroutine that runs the stand-in", bubble(func() {
		leaver := ifrit.RunFunc(func(<-chan os.Signal, chan<- struct{}) error {
			runtime.Goexit()
			return nil
		})
		deferred := 0
		elsewhere := func(inside ifrit.Runner) ifrit.Runner {
			return ifrit.RunFunc(func(signals <-chan os.Signal, ready chan<- struct{}) error {
				done := make(chan error, 1)
				go func() {
					defer func() {
						deferred++
						done <- errBoom
					}()
					_ = inside.Run(signals, ready)
					deferred += 100
				}()
				return <-done
			})
		}
		tree := grouper.NewParallel(nil, grouper.Members{
			{"here", grouper.Wrap(leaver, transparent)}, {"elsewhere", grouper.Wrap(leaver, elsewhere)},
		})
		Expect(start(tree).trace()).To(ConsistOf(ContainSubstring("here: grouper: member ended its goroutine"), "elsewhere: boom"))
		Expect(deferred).To(Equal(1))
		for _, member := range inspect(tree).Members {
			Expect(member.Wrapped.Err).To(MatchError(ContainSubstring("Goexit")))
		}
	}))

	It("W5, G2: shows its readiness before its exit to whoever runs the stand-in", func() {
		sender := ifrit.RunFunc(func(_ <-chan os.Signal, ready chan<- struct{}) error {
			ready <- struct{}{}
			return nil
		})
		for range 200 {
			bubble(func() {
				for _, quick := range []ifrit.Runner{flash, sender} {
					var seen bool
					looking := func(inside ifrit.Runner) ifrit.Runner {
						return ifrit.RunFunc(func(signals <-chan os.Signal, _ chan<- struct{}) error {
							ready := make(chan struct{})
							err := inside.Run(signals, ready)
							select {
							case <-ready:
								seen = true
							default:
							}
							return err
						})
					}
					start(grouper.Wrap(quick, looking))
					Expect(seen).To(BeTrue())
					events, tree := watched(grouper.NewOrdered(nil, grouper.Members{{"a", grouper.Wrap(quick, transparent)}}))
					start(tree)
					Expect(events.of("a")).To(HaveExactElements("a starting", "a#1 starting", "a#1 ready", "a ready", "a#1 exited", "a exited"))
				}
			})()
		}
	})

	It("V1: does not fail once it was ready, however its later runs begin", bubble(func() {
		started := 0
		group := grouper.NewParallel(nil, grouper.Members{{"a", ifrit.RunFunc(func(_ <-chan os.Signal, ready chan<- struct{}) error {
			if started++; started == 1 {
				close(ready)
			}
			return nil
		})}})
		for _, wrapped := range []ifrit.Runner{grouper.Wrap(group, twice), grouper.Observe(grouper.Wrap(group, twice), nil)} {
			started = 0
			inner, member := watched(wrapped)
			outer, tree := watched(grouper.NewParallel(nil, grouper.Members{{"m", member}}))
			Expect(start(tree).err).NotTo(HaveOccurred())
			Expect(started).To(Equal(2))
			Expect(inner.of("")).To(ContainElement(". ready"))
			Expect(inner.of("")).NotTo(ContainElement(". failed"))
			Expect(outer.of("m")).To(ContainElement("m ready"))
			Expect(outer.of("m")).NotTo(ContainElement("m failed"))
		}
	}))

	It("W5: may be run with no ready channel, and many times with the same one", bubble(func() {
		silent := func(inside ifrit.Runner) ifrit.Runner {
			return ifrit.RunFunc(func(signals <-chan os.Signal, _ chan<- struct{}) error { return inside.Run(signals, nil) })
		}
		early := func(inside ifrit.Runner) ifrit.Runner {
			return ifrit.RunFunc(func(signals <-chan os.Signal, ready chan<- struct{}) error {
				close(ready)
				return inside.Run(signals, ready)
			})
		}
		for _, wrap := range []wrapFunc{silent, early, twice} {
			for _, inside := range []ifrit.Runner{flash, grouper.NewOrdered(interrupt, grouper.Members{{"a", flash}}), grouper.Wrap(flash, twice)} {
				wrapped := grouper.Wrap(inside, wrap)
				Expect(wrapped.Run(nil, make(chan struct{}))).To(Succeed())
				Expect(start(grouper.NewParallel(nil, grouper.Members{{"w", wrapped}})).err).NotTo(HaveOccurred())
				Expect(start(grouper.Observe(wrapped, func(grouper.Event) {})).err).NotTo(HaveOccurred())
			}
		}
	}))

	It("W6: costs one goroutine until what is inside is ready, and none afterwards", bubble(func() {
		const n = 10
		cost := func(member func(ifrit.Runner) ifrit.Runner) (starting, isReady int) {
			members, runners := crew(n)
			for i := range members {
				members[i].Runner = member(members[i].Runner)
			}
			before := goroutines()
			run := start(grouper.NewParallel(nil, members))
			starting = goroutines() - before
			for _, runner := range runners {
				ready(runner)
			}
			isReady = goroutines() - before
			exitAll(runners...)
			Expect(run.exited).To(BeTrue())
			Expect(goroutines()).To(Equal(before))
			return starting, isReady
		}
		starting, isReady := cost(func(runner ifrit.Runner) ifrit.Runner { return runner })
		Expect([]int{starting, isReady}).To(HaveExactElements(n+1, n+1))
		starting, isReady = cost(func(runner ifrit.Runner) ifrit.Runner { return grouper.Wrap(runner, transparent) })
		Expect([]int{starting, isReady}).To(HaveExactElements(2*n+1, n+1))
	}))

	It("W6: costs no goroutine around a group", bubble(func() {
		members, runners := crew(3)
		before := goroutines()
		start(grouper.Wrap(grouper.NewParallel(nil, members), transparent))
		Expect(goroutines() - before).To(Equal(4))
		exitAll(runners...)
	}))

	// The race detector checks that this is safe.
	It("S2: may be run many times at once, and so may its stand-in", func() {
		hedged := func(inside ifrit.Runner) ifrit.Runner {
			return ifrit.RunFunc(func(signals <-chan os.Signal, ready chan<- struct{}) error {
				const runs = 5
				first := make(chan error, runs)
				stop := make(chan os.Signal)
				for range runs {
					go func() { first <- inside.Run(stop, ready) }()
				}
				<-signals
				close(stop)
				for range runs {
					<-first
				}
				return nil
			})
		}
		leaf := ifrit.RunFunc(func(signals <-chan os.Signal, ready chan<- struct{}) error {
			runtime.Gosched()
			close(ready)
			<-signals
			return nil
		})
		for range 50 {
			bubble(func() {
				wrap := grouper.Wrap(leaf, hedged)
				for range 3 {
					_, tree := watched(grouper.NewParallel(nil, grouper.Members{{"a", wrap}, {"b", wrap}}))
					run := start(tree)
					Expect(run.isReady()).To(BeTrue())
					Expect(inspect(tree).Members[1].Wrapped.Runs).To(Equal(5))
					run.signal(interrupt)
					Expect(run.err).NotTo(HaveOccurred())
				}
			})()
		}
	})
})
