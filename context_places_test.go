package grouper_test

import (
	"context"
	"errors"
	"os"
	"strings"
	"sync"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/seed-3b777528/grouper"
	"github.com/tedsuo/ifrit"
)

// surroundings are the places in which a ContextFunc runs.
var surroundings = map[string]func(ifrit.Runner) ifrit.Runner{
	"by itself":                   func(f ifrit.Runner) ifrit.Runner { return f },
	"in a parallel group":         func(f ifrit.Runner) ifrit.Runner { return grouper.NewParallel(nil, grouper.Members{{"f", f}}) },
	"in an ordered group":         func(f ifrit.Runner) ifrit.Runner { return grouper.NewOrdered(nil, grouper.Members{{"f", f}}) },
	"in a dynamic group":          func(f ifrit.Runner) ifrit.Runner { return newInserted(interrupt, grouper.Members{{"f", f}}) },
	"in a Wrap":                   func(f ifrit.Runner) ifrit.Runner { return grouper.Wrap(f, transparent) },
	"in a Wrap without a wrapper": func(f ifrit.Runner) ifrit.Runner { return grouper.Wrap(f, nil) },
	"in a Wrap of restart":        func(f ifrit.Runner) ifrit.Runner { return grouper.Wrap(f, again) },
	"observed":                    func(f ifrit.Runner) ifrit.Runner { return grouper.Observe(f, func(grouper.Event) {}) },
	"in sigmon":                   sigmonned,
	"in a Wrap in a group": func(f ifrit.Runner) ifrit.Runner {
		return grouper.NewParallel(nil, grouper.Members{{"f", grouper.Wrap(f, nil)}})
	},
	"in a wrapper with its own channels": func(f ifrit.Runner) ifrit.Runner {
		return grouper.NewParallel(nil, grouper.Members{{"f", grouper.Wrap(f, relaying)}})
	},
	"observed in a group": func(f ifrit.Runner) ifrit.Runner {
		return grouper.NewOrdered(nil, grouper.Members{{"f", grouper.Observe(f, nil)}})
	},
	"in everything": func(f ifrit.Runner) ifrit.Runner {
		return grouper.NewOrdered(nil, grouper.Members{{"f", grouper.Wrap(grouper.Observe(grouper.Wrap(f, transparent), nil), transparent)}})
	},
}

var _ = Describe("A ContextFunc", func() {
	for where, surround := range surroundings {
		It("C1, C2, C3: gets its first signal as the end of its context, "+where, bubble(func() {
			var ctx context.Context
			run := start(surround(grouper.ContextFunc(func(c context.Context, ready func()) error {
				ctx = c
				time.Sleep(time.Second)
				ready()
				ready()
				<-c.Done()
				return c.Err()
			})))
			Expect(run.isReady()).To(Equal(where == "in a dynamic group"))
			time.Sleep(time.Second)
			settle()
			Expect(run.isReady()).To(BeTrue())
			Expect(ctx.Err()).NotTo(HaveOccurred())
			_, limited := ctx.Deadline()
			Expect(limited).To(BeFalse())
			run.signal(nil)
			Expect(ctx.Err()).NotTo(HaveOccurred())
			run.signal(terminate)
			Expect(ctx.Err()).To(Equal(context.Canceled))
			Expect(context.Cause(ctx)).To(Equal(grouper.SignalError{terminate}))
			Expect(run.exited).To(BeTrue())
			Expect(run.err).NotTo(HaveOccurred())
		}))

		It("C2, C4: is ready when it says so, or begins, or is done, and observers see the same time, "+where, bubble(func() {
			for _, runner := range []ifrit.Runner{
				grouper.ContextFunc(func(ctx context.Context, ready func()) error {
					time.Sleep(time.Minute)
					var callers sync.WaitGroup
					for range 10 {
						callers.Go(ready)
					}
					callers.Wait()
					return untilDone(ctx)
				}),
				grouper.WorkerFunc(untilDone),
				grouper.TaskFunc(func(context.Context) error {
					time.Sleep(time.Minute)
					return nil
				}),
			} {
				began := time.Now()
				events, tree := watched(surround(runner))
				run := start(tree)
				time.Sleep(time.Hour)
				settle()
				Expect(run.isReady()).To(BeTrue())
				run.signal(interrupt)
				Expect(run.err).NotTo(HaveOccurred())
				want := began.Add(time.Minute)
				if _, worker := runner.(grouper.WorkerFunc); worker || where == "in a dynamic group" {
					want = began
				}
				i := strings.Index(strings.Join(events.told(), "\n"), " ready")
				Expect(i).NotTo(Equal(-1))
				for _, event := range events.events {
					if event.State == grouper.StateReady {
						Expect(event.At).To(BeTemporally("==", want))
					}
				}
			}
		}))

		It("C6: exits with ErrNilRunner if it is nil, "+where, bubble(func() {
			if where == "in a Wrap of restart" {
				return // runs it forever
			}
			for _, runner := range []ifrit.Runner{grouper.ContextFunc(nil), grouper.WorkerFunc(nil), grouper.TaskFunc(nil)} {
				run := start(surround(runner))
				if !run.exited {
					run.signal(interrupt)
				}
				Expect(errors.Is(run.err, grouper.ErrNilRunner)).To(BeTrue())
				Expect(run.isReady()).To(Equal(where == "in a dynamic group"))
			}
		}))

		It("C7, M2: has the signals after the first one from LaterSignals, in order, "+where, bubble(func() {
			var got []os.Signal
			run := start(surround(grouper.WorkerFunc(func(ctx context.Context) error {
				ctx, cancel := context.WithCancel(ctx)
				defer cancel()
				<-ctx.Done()
				time.Sleep(time.Minute)
				for range 3 {
					got = append(got, <-grouper.LaterSignals(ctx))
				}
				select {
				case signal := <-grouper.LaterSignals(ctx):
					got = append(got, signal)
				default:
				}
				return nil
			})))
			for _, signal := range numberedUpTo(3) {
				run.signal(signal)
			}
			time.Sleep(time.Hour)
			run.signal(numbered(3)) // is waited for
			Expect(run.exited).To(BeTrue())
			Expect(got).To(Equal(numberedUpTo(4)[1:]))
		}))

		It("C1, G3: ignores a closed signals channel, and its context is done when it has returned, "+where, bubble(func() {
			var ctx context.Context
			end := make(chan struct{})
			run := start(surround(grouper.WorkerFunc(func(c context.Context) error {
				ctx = c
				<-end
				return errBoom
			})))
			if where != "in sigmon" && where != "in a Wrap of restart" { // which spin on it
				close(run.signals)
				settle()
			}
			Expect(ctx.Err()).NotTo(HaveOccurred())
			if where == "in a Wrap of restart" {
				run.signal(interrupt)
			}
			close(end)
			settle()
			if !run.exited {
				run.signal(interrupt)
			}
			Expect(errors.Is(run.err, errBoom)).To(BeTrue())
			Expect(ctx.Err()).To(Equal(context.Canceled))
		}))
	}
})
