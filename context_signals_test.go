package grouper_test

import (
	"context"
	"os"
	"runtime"
	"runtime/pprof"
	"runtime/trace"
	"sync"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/seed-3b777528/grouper"
	"github.com/tedsuo/ifrit"
)

var _ = Describe("A ContextFunc", func() {
	It("C1: has no values but the profiler label and the trace task of the member", bubble(func() {
		var ctx context.Context
		keep := grouper.WorkerFunc(func(c context.Context) error {
			pprof.Do(c, pprof.Labels("more", "x"), func(more context.Context) {
				ctx = more
				untilDone(more)
			})
			return nil
		})
		label := func() string {
			label, _ := pprof.Label(ctx, "grouper.member")
			return label
		}
		run := start(grouper.NewOrdered(nil, grouper.Members{{"a", grouper.NewOrdered(nil, grouper.Members{{"b", grouper.Wrap(keep, sigmonned)}})}}))
		Expect(label()).To(Equal("a/b"))
		Expect(ctx.Value("anything")).To(BeNil())
		run.signal(interrupt)

		run = start(grouper.NewOrdered(nil, grouper.Members{{"a", sigmonned(keep)}}))
		Expect(label()).To(BeEmpty())
		run.signal(interrupt)
		run = start(keep)
		Expect(label()).To(BeEmpty())
		run.signal(interrupt)
	}))

	It("C1, I5: keeps the trace task of the member for regions and logs", func() {
		recorded := recording(func() {
			process := ifrit.Invoke(grouper.NewOrdered(nil, grouper.Members{{"tasked", grouper.WorkerFunc(func(ctx context.Context) error {
				trace.WithRegion(ctx, "region of its own", func() { trace.Log(ctx, "own", "log of its own") })
				return untilDone(ctx)
			})}}))
			process.Signal(interrupt)
			<-process.Wait()
		})
		Expect(recorded).To(And(ContainSubstring("region of its own"), ContainSubstring("log of its own")))
	})

	It("C1: is canceled by a signal that came before it began", bubble(func() {
		r := &run{signals: make(chan os.Signal, 2), ready: make(chan struct{})}
		r.signals <- interrupt
		r.signals <- terminate
		var later os.Signal
		err := grouper.WorkerFunc(func(ctx context.Context) error {
			<-ctx.Done()
			later = <-grouper.LaterSignals(ctx)
			return context.Cause(ctx)
		}).Run(r.signals, r.ready)
		Expect(err).NotTo(HaveOccurred())
		Expect(later).To(Equal(terminate))
	}))

	It("C1: may signal itself and wait for that", bubble(func() {
		group := grouper.NewDynamic(nil, 0, 0)
		start(group)
		var cause error
		group.Client().Inserter() <- grouper.Member{"a", grouper.WorkerFunc(func(ctx context.Context) error {
			process, _ := grouper.Find(group, "a")
			stopped := make(chan struct{})
			context.AfterFunc(ctx, func() {
				process.Signal(terminate)
				grouper.Inspect(group)
				close(stopped)
			})
			process.Signal(interrupt)
			<-stopped
			cause = context.Cause(ctx)
			return nil
		})}
		group.Client().Close()
		settle()
		Expect(cause).To(Equal(grouper.SignalError{interrupt}))
	}))

	It("C1, W2: stops each of several simultaneous runs that a wrapper begins with its own channels", bubble(func() {
		exits := 0
		pair := func(inside ifrit.Runner) ifrit.Runner {
			return ifrit.RunFunc(func(signals <-chan os.Signal, ready chan<- struct{}) error {
				var runs sync.WaitGroup
				for range 2 {
					runs.Go(func() {
						_ = inside.Run(signals, ready)
						exits++
					})
					time.Sleep(time.Second)
				}
				runs.Wait()
				return nil
			})
		}
		group := grouper.NewParallel(nil, grouper.Members{{"pair", grouper.Wrap(grouper.WorkerFunc(untilDone), pair)}})
		run := start(group)
		time.Sleep(time.Minute)
		settle()
		run.signal(interrupt)
		Expect(exits).To(Equal(1))
		run.signal(interrupt)
		Expect(exits).To(Equal(2))
		time.Sleep(time.Minute)
		settle()
		Expect(run.exited).To(BeTrue())
	}))

	It("C1: gets in its next run the signal that it has not got in the previous one", bubble(func() {
		var causes []error
		group := grouper.NewParallel(nil, grouper.Members{{"f", grouper.Wrap(grouper.WorkerFunc(func(ctx context.Context) error {
			<-ctx.Done()
			causes = append(causes, context.Cause(ctx))
			time.Sleep(time.Second)
			return nil
		}), twice)}})
		run := start(group)
		for _, signal := range []os.Signal{interrupt, terminate} {
			run.signal(signal)
		}
		time.Sleep(time.Minute)
		settle()
		Expect(run.exited).To(BeTrue())
		Expect(causes).To(HaveExactElements(grouper.SignalError{interrupt}, grouper.SignalError{terminate}))
	}))

	It("C7: has no later signals in any other context", func() {
		var none context.Context
		Expect(grouper.LaterSignals(none)).To(BeNil())
		Expect(grouper.LaterSignals(context.Background())).To(BeNil())
		ctx, cancel := context.WithCancelCause(context.Background())
		cancel(grouper.SignalError{interrupt})
		Expect(grouper.LaterSignals(ctx)).To(BeNil())
	})

	It("C7: has its own later signals, not those of its caller", bubble(func() {
		var inner <-chan os.Signal
		start(grouper.WorkerFunc(func(ctx context.Context) error {
			signals := make(chan os.Signal)
			go func() {
				<-ctx.Done()
				close(signals)
			}()
			return grouper.WorkerFunc(func(nested context.Context) error {
				inner = grouper.LaterSignals(nested)
				Expect(inner).NotTo(Equal(grouper.LaterSignals(ctx)))
				<-ctx.Done()
				return nil
			}).Run(signals, nil)
		})).endAfter(func() { Expect(inner).NotTo(BeNil()) })
	}))

	It("G8: that ends its goroutine with Goexit has exited, and its context is done", bubble(func() {
		var ctx context.Context
		run := start(grouper.NewParallel(nil, grouper.Members{{"f", grouper.WorkerFunc(func(c context.Context) error {
			ctx = c
			runtime.Goexit()
			return nil
		})}}))
		Expect(run.trace()).To(HaveExactElements(ContainSubstring("runtime.Goexit")))
		Expect(ctx.Err()).To(HaveOccurred())
	}))
})
