package grouper_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"reflect"
	"slices"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/seed-3b777528/grouper"
	"github.com/seed-3b777528/grouper/fakes"
	"github.com/tedsuo/ifrit"
)

var _ = Describe("Failures", func() {
	trace := func(exits ...any) grouper.ErrorTrace {
		var trace grouper.ErrorTrace
		for i := 0; i < len(exits); i += 2 {
			err, _ := exits[i+1].(error)
			trace = append(trace, grouper.ExitEvent{grouper.Member{exits[i].(string), nil}, err})
		}
		return trace
	}
	other := errors.New("other")

	DescribeTable("E3: lists the members' errors with their paths, in the order of the exits",
		func(err error, want ...grouper.Failure) {
			failures := grouper.Failures(err)
			Expect(slices.EqualFunc(failures, want, func(a, b grouper.Failure) bool { return reflect.DeepEqual(a, b) })).To(BeTrue(), "%v", failures)
		},
		Entry("of nil", nil),
		Entry("of an error without a trace", errBoom, grouper.Failure{"", errBoom}),
		Entry("of joined errors without a trace", errors.Join(errBoom, other), grouper.Failure{"", errors.Join(errBoom, other)}),
		Entry("of a trace", trace("a", errBoom, "b", nil, "c", other), grouper.Failure{"a", errBoom}, grouper.Failure{"c", other}),
		Entry("of nested traces, however they are wrapped",
			fmt.Errorf("service: %w", trace("x", fmt.Errorf("group: %w", trace("a", errBoom, "b", other)), "y", errBoom)),
			grouper.Failure{"x/a", errBoom}, grouper.Failure{"x/b", other}, grouper.Failure{"y", errBoom}),
		Entry("of a wrapped error", trace("a", fmt.Errorf("w: %w", errBoom)), grouper.Failure{"a", fmt.Errorf("w: %w", errBoom)}),
		Entry("of joined errors with a trace among them", trace("a", errors.Join(other, trace("b", errBoom))),
			grouper.Failure{"a", other}, grouper.Failure{"a/b", errBoom}),
		Entry("of odd names", trace("", trace("a", errBoom)), grouper.Failure{"/a", errBoom}),
	)

	It("E4: are what a trace logs", func() {
		var text bytes.Buffer
		slog.New(slog.NewTextHandler(&text, nil)).Error("failed", "err", trace("x", trace("a", errBoom), "y", nil, "z", other))
		Expect(strings.TrimSpace(text.String())).To(HaveSuffix("err.x/a=boom err.z=other"))
	})
})

var _ = Describe("Reporting", func() {
	It("D11: returns the exits from the one on that began the shutdown", bubble(func() {
		dynamic := grouper.NewDynamic(interrupt, 0, 0)
		root := grouper.NewOrdered(nil, grouper.Members{{"jobs", grouper.Reporting(dynamic)}})
		run := start(root)
		members, runners := crew(2)
		for i, member := range members {
			dynamic.Client().Inserter() <- member
			ready(runners[i])
		}
		Expect(inspect(root).Members[0].Group.Members).To(HaveLen(2))
		exit(runners[0], errBoom)
		exit(runners[1], nil)
		Expect(run.exited).To(BeTrue())
		Expect(grouper.Failures(run.err)).To(HaveExactElements(grouper.Failure{"jobs/a", errBoom}))
		var trace grouper.ErrorTrace
		Expect(errors.As(run.err.(grouper.ErrorTrace)[0].Err, &trace)).To(BeTrue())
		Expect(lines(trace...)).To(HaveExactElements("a: boom", "b"))
	}))

	It("D11: leaves out those before the signal, and is nil if none was an error", bubble(func() {
		for _, last := range []error{nil, errBoom} {
			dynamic := grouper.NewDynamic(nil, 0, 0)
			run := start(grouper.Reporting(dynamic))
			members, runners := crew(3)
			for _, member := range members {
				dynamic.Client().Inserter() <- member
			}
			settle()
			exit(runners[0], errors.New("earlier"))
			dynamic.Client().Close()
			exit(runners[1], errors.New("after closing"))
			run.signal(interrupt)
			exit(runners[2], last)
			Expect(run.exited).To(BeTrue())
			if last == nil {
				Expect(run.err).NotTo(HaveOccurred())
			} else {
				Expect(run.trace()).To(HaveExactElements("c: boom"))
			}
		}
	}))

	It("D11, D3: has a refused member that began the shutdown", bubble(func() {
		dynamic := grouper.NewDynamic(interrupt, 0, 0)
		run := start(grouper.Reporting(dynamic))
		dynamic.Client().Inserter() <- grouper.Member{"a", untilSignaled}
		settle()
		dynamic.Client().Inserter() <- grouper.Member{"a", untilSignaled}
		settle()
		Expect(run.trace()).To(HaveExactElements(ContainSubstring("Duplicate"), "a"))
	}))

	It("D11, E5: returns what else there is", bubble(func() {
		Expect(start(grouper.Reporting(nil)).err).To(MatchError(grouper.ErrNilRunner))
		fake := new(fakes.FakeDynamicGroup)
		fake.RunReturns(errBoom)
		Expect(start(grouper.Reporting(fake)).err).To(MatchError(errBoom))
		dynamic := grouper.NewDynamic(nil, 0, 0)
		dynamic.Client().Close()
		Expect(start(grouper.Reporting(dynamic)).err).NotTo(HaveOccurred())
		Expect(start(grouper.Reporting(dynamic)).err).To(MatchError(grouper.ErrRunTwice))
		Expect(start(dynamic).err).To(MatchError(grouper.ErrRunTwice))
	}))
})

var _ = Describe("A loop over the events of a client", func() {
	insert := func(client grouper.DynamicClient, names ...string) {
		for _, name := range names {
			client.Inserter() <- grouper.Member{name, untilSignaled}
			settle()
		}
	}

	It("L6: has those that the group remembers, then each as it happens, until it is closed", bubble(func() {
		group := grouper.NewDynamic(nil, 0, 1)
		run := start(group)
		insert(group.Client(), "a", "b")
		var entered, exited []string
		entrances := grouper.Entrances(nil, group.Client()) //lint:ignore SA1012 a nil context is never done
		go func() {
			for entrance := range entrances {
				entered = append(entered, entrance.Member.Name)
			}
		}()
		go func() {
			for event := range grouper.Exits(context.Background(), group.Client()) {
				exited = append(exited, event.Member.Name)
			}
		}()
		settle()
		insert(group.Client(), "c")
		Expect(entered).To(HaveExactElements("b", "c"))
		run.signal(interrupt)
		Expect(exited).To(ConsistOf("a", "b", "c"))
		for entrance := range entrances {
			entered = append(entered, entrance.Member.Name)
		}
		Expect(entered).To(HaveExactElements("b", "c", "c"), "another loop is another listener")
	}))

	It("L6: ends by itself or with the context, and the group forgets the listener", bubble(func() {
		group := grouper.NewDynamic(nil, 0, 10)
		run := start(group)
		insert(group.Client(), "a", "b")
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		for range 100 {
			for range grouper.Entrances(ctx, group.Client()) {
				break
			}
		}
		count := 0
		for range grouper.Entrances(ctx, group.Client()) {
			count++
		}
		Expect(count).To(Equal(2))
		Expect(ctx.Err()).To(HaveOccurred())
		for range grouper.Entrances(ctx, group.Client()) {
			Fail("the context is done")
		}
		before := goroutines()
		insert(group.Client(), "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o")
		Expect(goroutines()-before).To(Equal(13), "no listener is left to be sent events")
		run.signal(interrupt)
	}))

	It("L6: reads on from another client, until that closes its listener", bubble(func() {
		events := make(chan grouper.ExitEvent)
		fake := new(fakes.FakeDynamicClient)
		fake.ExitListenerReturns(events)
		go func() {
			for range 3 {
				events <- grouper.ExitEvent{}
			}
			close(events)
		}()
		for range grouper.Exits(context.Background(), fake) {
			break
		}
		settle()
		_, open := <-events
		Expect(open).To(BeFalse())
	}))

	It("L6: has no events of no client", func() {
		for range grouper.Exits(context.Background(), nil) {
			Fail("an event of nobody")
		}
	})
})

var _ = Describe("What a member has inside a Wrap", func() {
	again := func(pause time.Duration) func(ifrit.Runner) ifrit.Runner {
		return func(inside ifrit.Runner) ifrit.Runner {
			return grouper.ContextFunc(func(ctx context.Context, ready func()) error {
				ready()
				for ctx.Err() == nil {
					signals := make(chan os.Signal, 1)
					stop := context.AfterFunc(ctx, func() { signals <- interrupt })
					_ = inside.Run(signals, make(chan struct{}))
					stop()
					select {
					case <-time.After(pause):
					case <-ctx.Done():
					}
				}
				return nil
			})
		}
	}

	It("W4, I7: is drawn where it says more than the member, marked and waited for", bubble(func() {
		broker := fakes.NewRunner()
		root := grouper.NewOrdered(nil, grouper.Members{{"broker", grouper.Wrap(broker, again(10*time.Second))}, {"api", untilSignaled}})
		Expect(inspect(root).Members[0].Wrapped).To(Equal(&grouper.WrappedStatus{State: grouper.StatePending}))
		run := start(root)
		ready(broker)
		Expect(inspect(root).Ready()).To(BeTrue())
		Expect(inspect(root).String()).NotTo(ContainSubstring("run"))
		for range 3 {
			exit(broker, errors.New("connection refused"))
			time.Sleep(10 * time.Second)
			settle()
			ready(broker)
		}
		Expect(inspect(root).String()).To(ContainSubstring("run 4 ready 0s"))
		Expect(inspect(root).Ready()).To(BeTrue())
		exit(broker, errors.New("connection refused"))
		time.Sleep(2 * time.Second)
		status := inspect(root)
		Expect("\n" + status.String()).To(Equal(`
ordered group  ready  32s
├── broker     ready  32s  down 2s after 4 runs: connection refused, <- waiting
└── api        ready  32s
`))
		Expect(status.Ready()).To(BeFalse())
		Expect(status.WaitingFor()).To(HaveExactElements("broker"))
		wrapped := status.Members[0].Wrapped
		Expect(wrapped.Runs).To(Equal(4))
		Expect(wrapped.State).To(Equal(grouper.StateExited))
		Expect(wrapped.For).To(Equal(2 * time.Second))
		Expect(wrapped.Err).To(MatchError("connection refused"))
		encoded, err := json.Marshal(status.Members[0])
		Expect(err).NotTo(HaveOccurred())
		Expect(encoded).To(MatchJSON(`{"name": "broker", "state": "ready", "since": "2000-01-01T00:00:00Z", "for": "32s",
			"times": {"started": "2000-01-01T00:00:00Z", "ready": "2000-01-01T00:00:00Z"},
			"wrapped": {"runs": 4, "state": "exited", "since": "2000-01-01T00:00:30Z", "for": "2s",
				"times": {"started": "2000-01-01T00:00:30Z", "ready": "2000-01-01T00:00:30Z", "exited": "2000-01-01T00:00:30Z"},
				"error": "connection refused"}}`))
		time.Sleep(9 * time.Second)
		settle()
		Expect(inspect(root).String()).To(ContainSubstring("run 5 starting 1s, <- waiting"))
		run.signal(interrupt)
		broker.TriggerExit(nil)
		settle()
		Expect(run.exited).To(BeTrue())
	}))

	It("W4, I8: marshals alone, and says so after one run", func() {
		wrapped := grouper.WrappedStatus{Runs: 1, State: grouper.StateExited, For: time.Second}
		Expect(wrapped.String()).To(Equal("down 1s after 1 run"))
		for _, value := range []any{wrapped, grouper.Times{}} {
			encoded, err := json.Marshal(value)
			Expect(err).NotTo(HaveOccurred())
			Expect(string(encoded)).NotTo(ContainSubstring("0001-01-01"))
		}
	})
})
