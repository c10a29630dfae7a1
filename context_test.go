package grouper_test

import (
	"context"
	"fmt"
	"os"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/seed-3b777528/grouper"
	"github.com/tedsuo/ifrit"
)

var _ = Describe("A ContextFunc", func() {
	It("C4: makes a finished task wait for a signal, and a failed or interrupted one exit unready", bubble(func() {
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
		Expect(run.isReady()).To(BeFalse())
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

	It("C4: does not stop the others when it is done, in a group with a termination signal", bubble(func() {
		run := start(grouper.NewOrdered(interrupt, grouper.Members{
			{"migrate", grouper.TaskFunc(func(context.Context) error { return nil })}, {"serve", grouper.WorkerFunc(untilDone)},
		}))
		Expect(run.isReady()).To(BeTrue())
		Expect(run.exited).To(BeFalse())
		run.signal(terminate)
		Expect(run.err).NotTo(HaveOccurred())
	}))

	It("C5, W6: costs only its own goroutine in a group, one more in a Wrap while it starts, and one more elsewhere", bubble(func() {
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
		for _, wrapped := range []string{"in a Wrap", "in a Wrap without a wrapper"} {
			starting, isReady = cost(surroundings[wrapped])
			Expect(starting).To(BeNumerically("<=", 2*n+1))
			Expect(isReady).To(Equal(n + 1))
		}
		start(grouper.WorkerFunc(untilDone)).endAfter(func() { Expect(goroutines()).To(Equal(2)) })
		start(grouper.TaskFunc(untilDone)).endAfter(func() { Expect(goroutines()).To(Equal(2)) })
	}))

	It("C5, V4: costs an observed group no further goroutine", bubble(func() {
		const n = 10
		for _, starting := range []ifrit.Runner{
			grouper.TaskFunc(untilDone),
			grouper.ContextFunc(func(ctx context.Context, _ func()) error { return untilDone(ctx) }),
		} {
			members := crowd(n, starting)
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

	It("C2: cannot become ready after it has returned", bubble(func() {
		var late func()
		run := start(grouper.ContextFunc(func(_ context.Context, ready func()) error {
			late = ready
			return nil
		}))
		Expect(run.exited).To(BeTrue())
		late()
		Expect(run.isReady()).To(BeFalse())
		group := grouper.NewParallel(nil, grouper.Members{{"other", untilSignaled}, {"f", grouper.ContextFunc(func(_ context.Context, ready func()) error {
			late = ready
			return nil
		})}})
		run = start(group)
		late()
		settle()
		Expect(inspect(group).Members[1].Times.Ready).To(BeZero())
		run.signal(interrupt)
	}))

	It("C2: needs no ready channel", bubble(func() {
		for _, runner := range []ifrit.Runner{grouper.WorkerFunc(untilDone), grouper.TaskFunc(untilDone)} {
			signals := make(chan os.Signal, 1)
			signals <- interrupt
			Expect(runner.Run(signals, nil)).To(Succeed())
		}
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
