package grouper_test

import (
	"context"
	"errors"
	"fmt"
	"net"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/seed-3b777528/grouper"
	"github.com/tedsuo/ifrit"
)

var _ = Describe("A ContextFunc", func() {
	leaf := grouper.Member{"leaf", nil}
	canceled, interrupted := context.Canceled, error(grouper.SignalError{interrupt})
	DescribeTable("C3: that was signaled counts as stopped cleanly if each leaf of its error is the cancellation or the cause", func(err error, clean bool) {
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
		Entry("from a network", dialed(), true),
		Entry("joined with another", errors.Join(canceled, errBoom), false),
		Entry("another joined with it", fmt.Errorf("%w, %w", errBoom, canceled), false),
		Entry("in a trace with another", grouper.ErrorTrace{{leaf, canceled}, {leaf, errBoom}}, false),
		Entry("another", errBoom, false),
		Entry("a deadline", context.DeadlineExceeded, false),
		Entry("the cause of another signal", grouper.SignalError{terminate}, false),
		Entry("a pointer to the cause", &grouper.SignalError{interrupt}, false),
		Entry("what only calls itself canceled", errors.New(canceled.Error()), false),
		Entry("an empty trace", grouper.ErrorTrace{}, false),
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
		stopped := func(result func(context.Context) error) error {
			run := start(grouper.WorkerFunc(func(ctx context.Context) error { <-ctx.Done(); return result(ctx) }))
			run.signal(signal)
			Expect(run.exited).To(BeTrue())
			return run.err
		}
		Expect(stopped(context.Cause)).To(Succeed())
		for other, clean := range map[string]bool{"signal": true, "other": false} {
			err := stopped(func(context.Context) error { return grouper.SignalError{incomparable{other}} })
			Expect(err == nil).To(Equal(clean), other)
		}
		Expect(stopped(func(context.Context) error { return grouper.SignalError{terminate} })).To(Equal(grouper.SignalError{terminate}))
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

// An empties joins no errors.
type empties struct{}

func (empties) Error() string   { return "empty" }
func (empties) Unwrap() []error { return nil }

// dialed returns what package net makes of a context that was canceled.
func dialed() error {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := new(net.Dialer).DialContext(ctx, "tcp", "127.0.0.1:1")
	return err
}

// A holey joins an error with nil.
type holey struct{ err error }

func (holey) Error() string     { return "holey" }
func (h holey) Unwrap() []error { return []error{nil, h.err, nil} }

// A hollow wraps nil.
type hollow struct{}

func (hollow) Error() string { return "hollow" }
func (hollow) Unwrap() error { return nil }

// A panicky panics when it is unwrapped, as a nil pointer to an error does.
type panicky struct{}

func (panicky) Error() string { return "panicky" }
func (panicky) Unwrap() error { panic("nothing in it") }
