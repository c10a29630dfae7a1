package grouper_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"runtime/pprof"
	"runtime/trace"
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

		It("C2, C4: is ready when it says so, or begins, or is done, and observers are told the same time, "+where, bubble(func() {
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

	It("C1: has no values but the profiler label and the trace task of the member", bubble(func() {
		var ctx context.Context
		keep := grouper.WorkerFunc(func(c context.Context) error {
			ctx = c
			pprof.Do(c, pprof.Labels("more", "x"), func(context.Context) { untilDone(c) })
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

	It("C2: is made ready by nothing after it has returned", bubble(func() {
		var late func()
		run := start(grouper.ContextFunc(func(_ context.Context, ready func()) error {
			late = ready
			return nil
		}))
		Expect(run.exited).To(BeTrue())
		late()
		Expect(run.isReady()).To(BeFalse())
		events, tree := watched(grouper.NewDynamic(nil, 0, 0))
		_ = events
		run = start(tree)
		run.signal(interrupt)

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

	leaf := grouper.Member{"leaf", nil}
	canceled, interrupted := context.Canceled, error(grouper.SignalError{interrupt})
	DescribeTable("C3: that was signaled counts as stopped cleanly with an error of which every leaf is the cancellation or the cause", func(err error, clean bool) {
		bubble(func() {
			for _, runner := range []ifrit.Runner{
				grouper.WorkerFunc(func(ctx context.Context) error { <-ctx.Done(); return err }),
				grouper.TaskFunc(func(ctx context.Context) error { <-ctx.Done(); return err }),
				grouper.ContextFunc(func(ctx context.Context, _ func()) error { <-ctx.Done(); return err }),
			} {
				run := start(runner)
				run.signal(interrupt)
				Expect(run.exited).To(BeTrue())
				if clean {
					Expect(run.err).NotTo(HaveOccurred())
				} else {
					Expect(fmt.Sprintf("%#v", run.err)).To(Equal(fmt.Sprintf("%#v", err)), "the very error")
				}

				unsignaled := start(grouper.ContextFunc(func(context.Context, func()) error { return err }))
				Expect(fmt.Sprintf("%#v", unsignaled.err)).To(Equal(fmt.Sprintf("%#v", err)), "before a signal")
			}
		})()
	},
		Entry("nil", nil, true),
		Entry("the cancellation", canceled, true),
		Entry("the cause", interrupted, true),
		Entry("wrapped", fmt.Errorf("a: %w", fmt.Errorf("b: %w", canceled)), true),
		Entry("joined", errors.Join(canceled, interrupted, fmt.Errorf("x: %w", canceled)), true),
		Entry("in a trace", grouper.ErrorTrace{{leaf, canceled}, {leaf, nil}, {leaf, grouper.ErrorTrace{{leaf, interrupted}}}}, true),
		Entry("joined with another", errors.Join(canceled, errBoom), false),
		Entry("another joined with it", fmt.Errorf("%w, %w", errBoom, canceled), false),
		Entry("in a trace with another", grouper.ErrorTrace{{leaf, canceled}, {leaf, errBoom}}, false),
		Entry("another", errBoom, false),
		Entry("a deadline", context.DeadlineExceeded, false),
		Entry("the cause of another signal", grouper.SignalError{terminate}, false),
		Entry("a pointer to the cause", &grouper.SignalError{interrupt}, false),
		Entry("what only calls itself canceled", errors.New(canceled.Error()), false),
		Entry("an empty join", empties{}, false),
		Entry("what wraps nothing", hollow{}, false),
		Entry("an Unwrap that panics", panicky{}, false),
	)

	It("C3: never panics because of a signal that cannot be compared", bubble(func() {
		signal := incomparable{"signal"}
		for _, want := range []error{nil, errBoom} {
			for _, err := range []error{canceled, errors.Join(canceled, canceled)} {
				run := start(grouper.WorkerFunc(func(ctx context.Context) error {
					<-ctx.Done()
					Expect(context.Cause(ctx)).To(HaveField("Signal", Not(BeNil())))
					return errors.Join(err, want)
				}))
				run.signal(signal)
				Expect(run.exited).To(BeTrue())
				if want == nil {
					Expect(run.err).NotTo(HaveOccurred())
				} else {
					Expect(run.err).To(MatchError(want))
				}
			}
		}
		run := start(grouper.WorkerFunc(func(ctx context.Context) error {
			<-ctx.Done()
			return context.Cause(ctx)
		}))
		Expect(panics(func() { run.signal(signal) })).To(BeFalse())
		Expect(run.exited).To(BeTrue())
		Expect(run.err).To(MatchError(ContainSubstring("stopped by signal")))
	}))

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
		members := make(grouper.Members, n)
		for i := range members {
			members[i] = grouper.Member{fmt.Sprint(i), grouper.TaskFunc(untilDone)}
		}
		_, tree := watched(grouper.NewParallel(nil, members))
		start(tree).endAfter(func() { Expect(goroutines()).To(Equal(n + 2)) })
	}))

	It("C1, W2: is stopped in each of several runs at once that a wrapper begins with its own channels", bubble(func() {
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

	It("C1: gets the signal in its next run that it has not got in the one before", bubble(func() {
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

	It("C7: has its own later signals, not those of who runs it", bubble(func() {
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

var _ = Describe("SignalError", func() {
	It("C1: says which signal it was", func() {
		Expect(grouper.SignalError{interrupt}.Error()).To(Equal("stopped by signal: interrupt"))
		Expect(grouper.SignalError{}.Error()).To(Equal("stopped by signal: nil"))
		for _, mute := range mutes {
			Expect(panics(func() { _ = grouper.SignalError{mute}.Error() })).To(BeFalse())
		}
	})
})

// endAfter looks at the run, then interrupts it.
func (r *run) endAfter(look func()) {
	GinkgoHelper()
	look()
	r.signal(interrupt)
	Expect(r.exited).To(BeTrue())
	Expect(r.err).NotTo(HaveOccurred())
}

// An empties joins no errors.
type empties struct{}

func (empties) Error() string   { return "empty" }
func (empties) Unwrap() []error { return nil }

// A hollow wraps nil.
type hollow struct{}

func (hollow) Error() string { return "hollow" }
func (hollow) Unwrap() error { return nil }

// A panicky panics when it is unwrapped, as a nil pointer to an error does.
type panicky struct{}

func (panicky) Error() string { return "panicky" }
func (panicky) Unwrap() error { panic("nothing in it") }
