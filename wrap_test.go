package grouper_test

import (
	"errors"
	"os"
	"runtime"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/seed-3b777528/grouper"
	"github.com/seed-3b777528/grouper/fakes"
	"github.com/tedsuo/ifrit"
	"github.com/tedsuo/ifrit/restart"
	"github.com/tedsuo/ifrit/sigmon"
)

// A wrapFunc is what Wrap takes.
type wrapFunc = func(ifrit.Runner) ifrit.Runner

// transparent makes a wrapper that does nothing but run what is inside.
func transparent(inside ifrit.Runner) ifrit.Runner {
	return ifrit.RunFunc(func(signals <-chan os.Signal, ready chan<- struct{}) error {
		return inside.Run(signals, ready)
	})
}

// again makes a wrapper that runs what is inside until it has been signaled, in
// a process of its own for each run.
func again(inside ifrit.Runner) ifrit.Runner {
	return restart.Restarter{Runner: inside, Load: func(runner ifrit.Runner, _ error) ifrit.Runner { return runner }}
}

// twice makes a wrapper that runs what is inside two times, on its own
// goroutine and with the same channels.
func twice(inside ifrit.Runner) ifrit.Runner {
	return ifrit.RunFunc(func(signals <-chan os.Signal, ready chan<- struct{}) error {
		_ = inside.Run(signals, ready)
		return inside.Run(signals, ready)
	})
}

// abandoned makes a wrapper that returns while what is inside goes on.
func abandoned(inside ifrit.Runner) ifrit.Runner {
	return ifrit.RunFunc(func(signals <-chan os.Signal, ready chan<- struct{}) error {
		go inside.Run(nil, ready)
		<-signals
		return nil
	})
}

// recovering makes a wrapper that returns what its inside panics with.
func recovering(inside ifrit.Runner) ifrit.Runner {
	return ifrit.RunFunc(func(signals <-chan os.Signal, ready chan<- struct{}) (err error) {
		defer func() {
			if reason := recover(); reason != nil {
				err = reason.(error)
			}
		}()
		return inside.Run(signals, ready)
	})
}

// sigmonned makes the wrapper that most services have around their root.
func sigmonned(inside ifrit.Runner) ifrit.Runner { return sigmon.New(inside) }

var wrappers = map[string]wrapFunc{
	"is nil":                      nil,
	"is the identity":             func(inside ifrit.Runner) ifrit.Runner { return inside },
	"passes everything on":        transparent,
	"is sigmon":                   sigmonned,
	"is restart":                  again,
	"wraps again":                 func(inside ifrit.Runner) ifrit.Runner { return grouper.Wrap(inside, transparent) },
	"observes":                    func(inside ifrit.Runner) ifrit.Runner { return grouper.Observe(inside, func(grouper.Event) {}) },
	"makes processes in a row":    func(inside ifrit.Runner) ifrit.Runner { return sigmonned(sigmonned(inside)) },
	"makes a member of a group":   func(inside ifrit.Runner) ifrit.Runner { return grouper.NewOrdered(nil, grouper.Members{{"x", inside}}) },
	"recovers from what is below": recovering,
}

// spinner is ready at once, has a goroutine of its own, and exits with an error
// at its first signal.
var spinner = ifrit.RunFunc(func(signals <-chan os.Signal, ready chan<- struct{}) error {
	stop := make(chan struct{})
	defer close(stop)
	go func() { <-stop }()
	close(ready)
	<-signals
	return errBoom
})

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

	DescribeTable("W1: exits with ErrNilRunner, as a member too, with", func(wrap ifrit.Runner) {
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

	It("W1: takes a nil wrap for the identity", bubble(func() {
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

	It("W2: lets no observer see a run that outlives its wrapper", bubble(func() {
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

	It("W2: lets no observer see a run that begins when its wrapper has returned", bubble(func() {
		var kept ifrit.Runner
		events, tree := watched(grouper.NewParallel(nil, grouper.Members{{"w", grouper.Wrap(
			grouper.NewOrdered(nil, grouper.Members{{"leaf", untilSignaled}}),
			func(inside ifrit.Runner) ifrit.Runner {
				kept = inside
				return ifrit.RunFunc(func(<-chan os.Signal, chan<- struct{}) error { return nil })
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

	It("W3: is inspected as the run that began last through it, and before there was one as the group inside", bubble(func() {
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

	It("W5: lets runtime.Goexit through, on whatever goroutine the stand-in runs", bubble(func() {
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

	It("W5, G2: shows whoever runs the stand-in its readiness before its exit", func() {
		flash := ifrit.RunFunc(func(_ <-chan os.Signal, ready chan<- struct{}) error {
			close(ready)
			return nil
		})
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

	It("W5: may be run with no ready channel, and many times with the same one", bubble(func() {
		flash := ifrit.RunFunc(func(_ <-chan os.Signal, ready chan<- struct{}) error {
			close(ready)
			return nil
		})
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

	// The race detector tells if this is not safe.
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
