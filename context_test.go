package grouper_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/seed-3b777528/grouper"
	"github.com/tedsuo/ifrit"
)

// untilDone is a WorkerFunc that returns the error of its context.
func untilDone(ctx context.Context) error {
	<-ctx.Done()
	return ctx.Err()
}

// surroundings are the ways in which a ContextFunc is run.
var surroundings = map[string]func(ifrit.Runner) ifrit.Runner{
	"by itself":            func(f ifrit.Runner) ifrit.Runner { return f },
	"in a parallel group":  func(f ifrit.Runner) ifrit.Runner { return grouper.NewParallel(nil, grouper.Members{{"f", f}}) },
	"in an ordered group":  func(f ifrit.Runner) ifrit.Runner { return grouper.NewOrdered(nil, grouper.Members{{"f", f}}) },
	"in a dynamic group":   func(f ifrit.Runner) ifrit.Runner { return newInserted(interrupt, grouper.Members{{"f", f}}) },
	"in a Wrap":            func(f ifrit.Runner) ifrit.Runner { return grouper.Wrap(f, transparent) },
	"in a Wrap of restart": func(f ifrit.Runner) ifrit.Runner { return grouper.Wrap(f, again) },
	"observed":             func(f ifrit.Runner) ifrit.Runner { return grouper.Observe(f, func(grouper.Event) {}) },
	"in sigmon":            sigmonned,
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

		It("C7: has the signals after the first one from LaterSignals, in order, "+where, bubble(func() {
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
			for i := range 4 {
				run.signals <- numbered(i)
				settle()
			}
			time.Sleep(time.Hour)
			settle()
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
			Expect(ctx.Err()).To(HaveOccurred())
		}))
	}

	It("C4: has a task wait for a signal when it is done, and exit unready if it fails or is interrupted", bubble(func() {
		task := func(result error) (*run, *bool) {
			done := false
			return start(grouper.TaskFunc(func(ctx context.Context) error {
				defer func() { done = true }()
				select {
				case <-time.After(time.Minute):
					return result
				case <-ctx.Done():
					return fmt.Errorf("migrating: %w", ctx.Err())
				}
			})), &done
		}
		run, done := task(nil)
		time.Sleep(time.Hour)
		settle()
		Expect(*done).To(BeTrue())
		Expect(run.isReady()).To(BeTrue())
		Expect(run.exited).To(BeFalse())
		run.signal(interrupt)
		Expect(run.exited).To(BeTrue())
		Expect(run.err).NotTo(HaveOccurred())

		run, _ = task(errBoom)
		time.Sleep(time.Hour)
		settle()
		Expect(run.isReady()).To(BeFalse())
		Expect(run.err).To(Equal(errBoom))

		run, _ = task(nil)
		run.signal(interrupt)
		Expect(run.exited).To(BeTrue())
		Expect(run.isReady()).To(BeFalse())
		Expect(run.err).NotTo(HaveOccurred())
	}))

	It("C4: stops nobody by its end, in a group with a termination signal", bubble(func() {
		run := start(grouper.NewOrdered(interrupt, grouper.Members{
			{"migrate", grouper.TaskFunc(func(context.Context) error { return nil })}, {"serve", grouper.WorkerFunc(untilDone)},
		}))
		Expect(run.isReady()).To(BeTrue())
		Expect(run.exited).To(BeFalse())
		run.signal(terminate)
		Expect(run.err).NotTo(HaveOccurred())
	}))

	It("C5, W6: costs no goroutine but its own in a group, nor in a Wrap but while it starts, and one elsewhere", bubble(func() {
		const n = 10
		cost := func(surround func(ifrit.Runner) ifrit.Runner) (starting, isReady int) {
			begin := make(chan struct{})
			members := make(grouper.Members, n)
			for i := range members {
				members[i] = grouper.Member{fmt.Sprint(i), surround(grouper.ContextFunc(func(ctx context.Context, ready func()) error {
					<-begin
					ready()
					return untilDone(ctx)
				}))}
			}
			run := start(grouper.NewParallel(nil, members))
			starting = goroutines()
			close(begin)
			settle()
			isReady = goroutines()
			run.signal(interrupt)
			Expect(run.err).NotTo(HaveOccurred())
			Expect(goroutines()).To(BeZero())
			return starting, isReady
		}
		starting, isReady := cost(surroundings["by itself"])
		Expect([]int{starting, isReady}).To(HaveExactElements(n+1, n+1))
		starting, isReady = cost(surroundings["in a Wrap"])
		Expect(starting).To(BeNumerically("<=", 2*n+1))
		Expect(isReady).To(Equal(n + 1))
		start(grouper.WorkerFunc(untilDone)).endAfter(func() { Expect(goroutines()).To(Equal(2)) })
		start(grouper.TaskFunc(untilDone)).endAfter(func() { Expect(goroutines()).To(Equal(2)) })
	}))

	It("C5, V4: costs an observed group no goroutine more", bubble(func() {
		const n = 10
		for _, starting := range []ifrit.Runner{
			grouper.TaskFunc(untilDone),
			grouper.ContextFunc(func(ctx context.Context, _ func()) error { return untilDone(ctx) }),
		} {
			members := make(grouper.Members, n)
			for i := range members {
				members[i] = grouper.Member{fmt.Sprint(i), starting}
			}
			_, tree := watched(grouper.NewParallel(nil, members))
			start(tree).endAfter(func() { Expect(goroutines()).To(Equal(n + 2)) })
		}
	}))

	It("C2: becomes ready or not, but not both, if it returns meanwhile", bubble(func() {
		started := make(chan struct{})
		run := start(grouper.ContextFunc(func(_ context.Context, ready func()) error {
			go func() { <-started; ready() }()
			close(started)
			return nil
		}))
		Expect(run.exited).To(BeTrue())
		was := run.isReady()
		settle()
		Expect(run.isReady()).To(Equal(was))
	}))

	It("C7, G9: leaves no goroutine behind with later signals that nobody has read", bubble(func() {
		stop := make(chan struct{})
		run := start(grouper.ContextFunc(func(context.Context, func()) error { <-stop; return nil }))
		for range 5 {
			run.signal(interrupt)
		}
		close(stop)
		settle()
		Expect(run.exited).To(BeTrue())
		Expect(goroutines()).To(BeZero())
	}))
})
