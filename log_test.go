package grouper_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/seed-3b777528/grouper"
)

var _ = Describe("LogTo", func() {
	at := time.Date(2024, 5, 6, 7, 8, 9, 10, time.UTC)

	// logged returns what a JSON handler writes about an event.
	logged := func(event grouper.Event) map[string]any {
		GinkgoHelper()
		var buffer bytes.Buffer
		event.At = at
		grouper.LogTo(slog.New(slog.NewJSONHandler(&buffer, &slog.HandlerOptions{Level: slog.LevelDebug})))(event)
		record := make(map[string]any)
		Expect(json.Unmarshal(buffer.Bytes(), &record)).To(Succeed(), buffer.String())
		Expect(record).To(HaveKeyWithValue("time", "2024-05-06T07:08:09.00000001Z"))
		delete(record, "time")
		return record
	}

	DescribeTable("V8: logs", func(event grouper.Event, want map[string]any) {
		Expect(logged(event)).To(Equal(want))
	},
		Entry("that a member is starting",
			grouper.Event{Path: "a/b", State: grouper.StateStarting},
			map[string]any{"level": "DEBUG", "msg": "member starting", "member": "a/b"}),
		Entry("that a member is ready",
			grouper.Event{Path: "a", State: grouper.StateReady, After: time.Second},
			map[string]any{"level": "INFO", "msg": "member ready", "member": "a", "after": 1e9}),
		Entry("that a member is stopping",
			grouper.Event{Path: "a", State: grouper.StateStopping, After: time.Second, Signal: terminate},
			map[string]any{"level": "INFO", "msg": "member stopping", "member": "a", "after": 1e9, "signal": "terminated"}),
		Entry("that a member has failed",
			grouper.Event{Path: "a", State: grouper.StateFailed, After: time.Second},
			map[string]any{"level": "ERROR", "msg": "member failed", "member": "a", "after": 1e9}),
		Entry("that a member has exited",
			grouper.Event{Path: "a", State: grouper.StateExited, After: time.Second},
			map[string]any{"level": "INFO", "msg": "member exited", "member": "a", "after": 1e9}),
		Entry("that a member has exited with an error",
			grouper.Event{Path: "a", State: grouper.StateExited, After: time.Second, Err: errBoom},
			map[string]any{"level": "ERROR", "msg": "member exited", "member": "a", "after": 1e9, "err": "boom"}),
		Entry("that the service is starting",
			grouper.Event{State: grouper.StateStarting},
			map[string]any{"level": "DEBUG", "msg": "service starting"}),
		Entry("that the service has exited with an error",
			grouper.Event{State: grouper.StateExited, Err: errBoom},
			map[string]any{"level": "ERROR", "msg": "service exited", "after": 0.0, "err": "boom"}),
		Entry("that the first run is starting",
			grouper.Event{Path: "a", Run: 1, State: grouper.StateStarting},
			map[string]any{"level": "DEBUG", "msg": "member starting", "member": "a", "run": 1.0}),
		Entry("that the first run is ready",
			grouper.Event{Path: "a", Run: 1, State: grouper.StateReady, After: time.Second},
			map[string]any{"level": "DEBUG", "msg": "member ready", "member": "a", "run": 1.0, "after": 1e9}),
		Entry("that a later run is starting",
			grouper.Event{Path: "a", Run: 2, State: grouper.StateStarting},
			map[string]any{"level": "INFO", "msg": "member starting", "member": "a", "run": 2.0}),
		Entry("that a later run is ready",
			grouper.Event{Run: 2, State: grouper.StateReady},
			map[string]any{"level": "INFO", "msg": "service ready", "run": 2.0, "after": 0.0}),
		Entry("that the first run has exited with an error",
			grouper.Event{Path: "a", Run: 1, State: grouper.StateExited, Err: errBoom},
			map[string]any{"level": "WARN", "msg": "member exited", "member": "a", "run": 1.0, "after": 0.0, "err": "boom"}),
		Entry("that a later run has exited with an error",
			grouper.Event{Path: "a", Run: 7, State: grouper.StateExited, Err: errBoom},
			map[string]any{"level": "WARN", "msg": "member exited", "member": "a", "run": 7.0, "after": 0.0, "err": "boom"}),
		Entry("that a later run has exited",
			grouper.Event{Path: "a", Run: 7, State: grouper.StateExited},
			map[string]any{"level": "DEBUG", "msg": "member exited", "member": "a", "run": 7.0, "after": 0.0}),
		Entry("each failure of a group by its path (E4)",
			grouper.Event{Path: "g", State: grouper.StateExited, Err: grouper.ErrorTrace{{grouper.Member{"fine", nil}, nil}, {grouper.Member{"a", nil}, errBoom}}},
			map[string]any{"level": "ERROR", "msg": "member exited", "member": "g", "after": 0.0, "err": map[string]any{"a": "boom"}}),
	)

	It("V8: has the error itself in the record, and the attributes and groups of the logger", func() {
		handler := &records{}
		grouper.LogTo(slog.New(handler).With("service", "x").WithGroup("tree"))(grouper.Event{Path: "a", State: grouper.StateExited, Err: errBoom})
		Expect(handler.errs).To(HaveExactElements(BeIdenticalTo(errBoom)))
		Expect(handler.with).To(HaveExactElements("service", "group tree"))
	})

	It("V8: logs to the default logger of the time if it has none", func() {
		observer := grouper.LogTo(nil)
		before := slog.Default()
		defer slog.SetDefault(before)
		var buffer bytes.Buffer
		slog.SetDefault(slog.New(slog.NewTextHandler(&buffer, nil)))
		observer(grouper.Event{Path: "a b", State: grouper.StateReady, At: at})
		Expect(buffer.String()).To(Equal("time=2024-05-06T07:08:09.000Z level=INFO msg=\"member ready\" member=\"a b\" after=0s\n"))
	})

	It("V8: asks for nothing that is not logged", func() {
		handler := &records{least: slog.LevelError}
		observer := grouper.LogTo(slog.New(handler))
		observer(grouper.Event{Path: "a", State: grouper.StateStopping, Signal: asked{}})
		Expect(handler.errs).To(BeEmpty())
		observer(grouper.Event{Path: "a", State: grouper.StateExited, Err: errBoom})
		Expect(handler.errs).To(HaveLen(1))
	})

	for how := range mutes {
		It("V8: does not end a program whose errors and signals "+how+" when asked for their text", func() {
			for _, err := range []error{mutes[how], grouper.ErrorTrace{{grouper.Member{"b", nil}, mutes[how]}}} {
				for _, logger := range []*slog.Logger{
					slog.New(slog.NewTextHandler(new(bytes.Buffer), nil)), slog.New(slog.NewJSONHandler(new(bytes.Buffer), nil)), slog.New(&records{texts: true}),
				} {
					observer := grouper.LogTo(logger)
					Expect(panics(func() {
						observer(grouper.Event{Path: "a", State: grouper.StateStopping, Signal: mutes[how]})
						observer(grouper.Event{Path: "a", State: grouper.StateExited, Err: err})
					})).To(BeFalse())
				}
			}
		})
	}

	It("V8: logs a tree while it runs", bubble(func() {
		var buffer bytes.Buffer
		runs := 0
		flaky := grouper.WorkerFunc(func(ctx context.Context) error {
			if runs++; runs == 1 {
				time.Sleep(time.Second)
				return errors.New("connection refused")
			}
			return untilDone(ctx)
		})
		tree := grouper.Observe(
			grouper.NewOrdered(nil, grouper.Members{{"broker", grouper.Wrap(flaky, again)}}),
			grouper.LogTo(slog.New(slog.NewTextHandler(&buffer, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
				if a.Key == slog.TimeKey {
					return slog.Attr{}
				}
				return a
			}}))))
		run := start(tree)
		time.Sleep(time.Minute)
		run.signal(interrupt)
		Expect("\n" + buffer.String()).To(Equal(`
level=INFO msg="member ready" member=broker after=0s
level=INFO msg="service ready" after=0s
level=WARN msg="member exited" member=broker run=1 after=1s err="connection refused"
level=INFO msg="member starting" member=broker run=2
level=INFO msg="member ready" member=broker run=2 after=0s
level=INFO msg="service stopping" after=1m0s signal=interrupt
level=INFO msg="member stopping" member=broker after=1m0s signal=interrupt
level=INFO msg="member exited" member=broker after=0s
level=INFO msg="service exited" after=0s
`))
	}))
})

// records is a handler that keeps the errors of records, and the attributes and
// groups that it was made with.
type records struct {
	least slog.Level
	texts bool // asks for the texts of errors, without recovering anything

	mu   sync.Mutex // guards what follows
	errs []error
	with []string
}

func (r *records) Enabled(_ context.Context, level slog.Level) bool { return level >= r.least }

func (r *records) Handle(_ context.Context, record slog.Record) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	record.Attrs(func(attr slog.Attr) bool {
		r.take(attr)
		return true
	})
	return errors.New("handlers may fail")
}

func (r *records) take(attr slog.Attr) {
	value := attr.Value.Resolve()
	if value.Kind() == slog.KindGroup {
		for _, attr := range value.Group() {
			r.take(attr)
		}
		return
	}
	if err, is := value.Any().(error); is {
		r.errs = append(r.errs, err)
		if r.texts {
			_ = err.Error()
		}
	}
}

func (r *records) WithAttrs(attrs []slog.Attr) slog.Handler {
	for _, attr := range attrs {
		r.with = append(r.with, attr.Key)
	}
	return r
}

func (r *records) WithGroup(name string) slog.Handler {
	r.with = append(r.with, fmt.Sprint("group ", name))
	return r
}
