package grouper_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"runtime/pprof"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/seed-3b777528/grouper"
	"github.com/tedsuo/ifrit"
)

// readyUntilDone is ready at once, and returns what its context says.
func readyUntilDone(ctx context.Context, ready func()) error {
	ready()
	<-ctx.Done()
	return ctx.Err()
}

var _ = Describe("A ContextFunc", func() {
	// In each of these places, signals reach a ContextFunc in another way.
	places := map[string]func(ifrit.Runner) ifrit.Runner{
		"by itself":           func(r ifrit.Runner) ifrit.Runner { return r },
		"in a parallel group": func(r ifrit.Runner) ifrit.Runner { return grouper.NewParallel(nil, grouper.Members{{"f", r}}) },
		"in an ordered group": func(r ifrit.Runner) ifrit.Runner { return grouper.NewOrdered(nil, grouper.Members{{"f", r}}) },
		"in a Wrap":           func(r ifrit.Runner) ifrit.Runner { return grouper.Wrap(r, nil) },
		"in a Wrap in a group": func(r ifrit.Runner) ifrit.Runner {
			return grouper.NewParallel(nil, grouper.Members{{"f", grouper.Wrap(r, nil)}})
		},
		"in a wrapper with its own channels": func(r ifrit.Runner) ifrit.Runner {
			return grouper.NewParallel(nil, grouper.Members{{"f", grouper.Wrap(r, func(r ifrit.Runner) ifrit.Runner {
				return ifrit.RunFunc(func(signals <-chan os.Signal, ready chan<- struct{}) error {
					own, isReady := make(chan os.Signal), make(chan struct{})
					done := make(chan error)
					go func() { done <- r.Run(own, isReady) }()
					for {
						select {
						case signal := <-signals:
							own <- signal
						case <-isReady:
							close(ready)
							isReady = nil
						case err := <-done:
							return err
						}
					}
				})
			})}})
		},
		"observed": func(r ifrit.Runner) ifrit.Runner { return grouper.Observe(r, func(grouper.Event) {}) },
		"observed in a group": func(r ifrit.Runner) ifrit.Runner {
			return grouper.NewOrdered(nil, grouper.Members{{"f", grouper.Observe(r, nil)}})
		},
	}
	for where, in := range places {
		It("C1, C3: is cancelled by the first signal, and stops cleanly "+where, bubble(func() {
			var cause error
			group := start(in(grouper.ContextFunc(func(ctx context.Context, ready func()) error {
				err := readyUntilDone(ctx, ready)
				cause = context.Cause(ctx)
				return err
			})))
			Expect(group.isReady()).To(BeTrue())
			group.signal(nil)
			Expect(group.exited).To(BeFalse())
			group.signal(terminate)
			Expect(group.exited).To(BeTrue())
			Expect(group.err).NotTo(HaveOccurred())
			Expect(cause).To(Equal(grouper.SignalError{terminate}))
		}))

		It("C7, M2: gets the later signals in order "+where, bubble(func() {
			var later []os.Signal
			group := start(in(grouper.ContextFunc(func(ctx context.Context, ready func()) error {
				ready()
				<-ctx.Done()
				derived, cancel := context.WithCancel(ctx)
				defer cancel()
				for range 2 {
					later = append(later, <-grouper.LaterSignals(derived))
				}
				return nil
			})))
			group.signal(terminate)
			Expect(group.exited).To(BeFalse())
			group.signal(interrupt)
			group.signal(hangUp)
			Expect(group.exited).To(BeTrue())
			Expect(later).To(HaveExactElements(os.Signal(interrupt), os.Signal(hangUp)))
		}))

		It("G3: ignores a closed signals channel "+where, bubble(func() {
			end := make(chan struct{})
			group := start(in(grouper.ContextFunc(func(_ context.Context, ready func()) error {
				ready()
				<-end
				return nil
			})))
			close(group.signals)
			settle()
			Expect(group.exited).To(BeFalse())
			close(end)
			settle()
			Expect(group.exited).To(BeTrue())
		}))
	}

	It("C1: has a context without a deadline or values, which is done when the function has returned", bubble(func() {
		var kept context.Context
		group := start(grouper.ContextFunc(func(ctx context.Context, ready func()) error {
			kept = ctx
			_, hasDeadline := ctx.Deadline()
			Expect(hasDeadline).To(BeFalse())
			Expect(ctx.Value("any")).To(BeNil())
			return nil
		}))
		Expect(group.exited).To(BeTrue())
		Expect(kept.Err()).To(MatchError(context.Canceled))
	}))

	It("C1, I4: has the profiler label in its context, in a group", bubble(func() {
		var label string
		start(grouper.NewParallel(nil, grouper.Members{{"outer", grouper.NewParallel(nil, grouper.Members{{"inner",
			grouper.WorkerFunc(func(ctx context.Context) error {
				pprof.Do(ctx, pprof.Labels("more", "x"), func(ctx context.Context) { label, _ = pprof.Label(ctx, "grouper.member") })
				return nil
			})}})}}))
		Expect(label).To(Equal("outer/inner"))
	}))

	It("C2: is ready once, from any goroutine, and not after it has returned", bubble(func() {
		var late func()
		group := start(grouper.ContextFunc(func(_ context.Context, ready func()) error {
			late = ready
			return nil
		}))
		late()
		Expect(group.isReady()).To(BeFalse())

		group2 := start(grouper.ContextFunc(func(ctx context.Context, ready func()) error {
			go ready()
			go ready()
			ready()
			<-ctx.Done()
			return nil
		}))
		Expect(group2.isReady()).To(BeTrue())
		group2.signal(interrupt)
	}))

	cause := grouper.SignalError{terminate}
	DescribeTable("C3: once the context is done, an error counts as nil if it is only the cancellation",
		func(err error, signal os.Signal, counts bool) {
			bubble(func() {
				group := start(grouper.ContextFunc(func(ctx context.Context, ready func()) error {
					<-ctx.Done()
					return err
				}))
				group.signal(signal)
				Expect(group.exited).To(BeTrue())
				if counts {
					Expect(group.err).To(Equal(err))
				} else {
					Expect(group.err).NotTo(HaveOccurred())
				}
			})()
		},
		Entry("itself", context.Canceled, terminate, false),
		Entry("the cause", cause, terminate, false),
		Entry("wrapped", fmt.Errorf("stopped: %w", context.Canceled), terminate, false),
		Entry("joined", errors.Join(context.Canceled, fmt.Errorf("x: %w", cause)), terminate, false),
		Entry("in a trace", grouper.ErrorTrace{{grouper.Member{"a", nil}, context.Canceled}, {grouper.Member{"b", nil}, nil}}, terminate, false),
		Entry("another cause", cause, interrupt, true),
		Entry("a deadline", context.DeadlineExceeded, terminate, true),
		Entry("joined with another", errors.Join(context.Canceled, errBoom), terminate, true),
		Entry("a trace with another", grouper.ErrorTrace{{grouper.Member{"a", nil}, errBoom}}, terminate, true),
		Entry("an empty trace", grouper.ErrorTrace{}, terminate, true),
		Entry("with a signal that cannot be compared", grouper.SignalError{incomparable{}}, incomparable{}, false),
		Entry("a cancellation after a signal that cannot be compared", context.Canceled, incomparable{}, false),
	)

	It("C3: returns a cancellation before the context is done", bubble(func() {
		group := start(grouper.ContextFunc(func(context.Context, func()) error { return context.Canceled }))
		Expect(group.err).To(MatchError(context.Canceled))
	}))

	It("C5: costs only its own goroutine in a group", bubble(func() {
		members := make(grouper.Members, 100)
		for i := range members {
			members[i] = grouper.Member{fmt.Sprint(i), grouper.ContextFunc(readyUntilDone)}
			if i%2 == 0 {
				members[i].Runner = grouper.Wrap(members[i].Runner, nil)
			}
		}
		group := start(grouper.NewParallel(nil, members))
		Expect(group.isReady()).To(BeTrue())
		Expect(goroutines()).To(Equal(len(members) + 1))
		group.signal(interrupt)
		Expect(goroutines()).To(BeZero())
	}))

	It("C6: exits with ErrNilRunner if it is nil", func() {
		for _, runner := range []ifrit.Runner{grouper.ContextFunc(nil), grouper.WorkerFunc(nil), grouper.TaskFunc(nil)} {
			Expect(<-ifrit.Background(runner).Wait()).To(MatchError(grouper.ErrNilRunner))
			Expect(<-ifrit.Background(grouper.NewOrdered(nil, grouper.Members{{"f", runner}})).Wait()).To(MatchError(grouper.ErrNilRunner))
		}
	})

	It("C7: has no later signals in any other context", func() {
		Expect(grouper.LaterSignals(context.Background())).To(BeNil())
	})

	It("G8: ends with an error that says so when it ends its goroutine", bubble(func() {
		group := start(grouper.NewParallel(nil, grouper.Members{{"quitter", grouper.WorkerFunc(func(context.Context) error {
			runtime.Goexit()
			return nil
		})}}))
		Expect(group.trace()).To(HaveExactElements(ContainSubstring("runtime.Goexit")))
	}))

	It("C1: has a cause that says which signal it was", func() {
		Expect(grouper.SignalError{terminate}.Error()).To(ContainSubstring("terminated"))
		Expect(grouper.SignalError{}.Error()).NotTo(BeEmpty())
	})
})

var _ = Describe("A WorkerFunc", func() {
	It("C8: is ready when it begins, and its context stops it", bubble(func() {
		group := start(grouper.WorkerFunc(func(ctx context.Context) error {
			<-ctx.Done()
			time.Sleep(time.Minute)
			return context.Cause(ctx)
		}))
		Expect(group.isReady()).To(BeTrue())
		group.signal(interrupt)
		time.Sleep(time.Minute)
		settle()
		Expect(group.exited).To(BeTrue())
		Expect(group.err).NotTo(HaveOccurred())
	}))
})

var _ = Describe("A TaskFunc", func() {
	It("C4: is ready when it is done, and then waits for a signal", bubble(func() {
		done := make(chan struct{})
		group := start(grouper.TaskFunc(func(context.Context) error { <-done; return nil }))
		Expect(group.isReady()).To(BeFalse())
		close(done)
		settle()
		Expect(group.isReady()).To(BeTrue())
		Expect(group.exited).To(BeFalse())
		group.signal(interrupt)
		Expect(group.exited).To(BeTrue())
		Expect(group.err).NotTo(HaveOccurred())
	}))

	It("C4: exits with its error, without being ready", bubble(func() {
		group := start(grouper.TaskFunc(func(context.Context) error { return errBoom }))
		Expect(group.isReady()).To(BeFalse())
		Expect(group.err).To(MatchError(errBoom))
	}))

	It("C4, C3: exits with nil when it is interrupted, without being ready", bubble(func() {
		group := start(grouper.TaskFunc(func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }))
		group.signal(interrupt)
		Expect(group.exited).To(BeTrue())
		Expect(group.isReady()).To(BeFalse())
		Expect(group.err).NotTo(HaveOccurred())
	}))
})
