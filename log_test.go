package grouper_test

import (
	"bytes"
	"log/slog"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/seed-3b777528/grouper"
)

var _ = Describe("LogTo", func() {
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	logged := func(level slog.Level, event grouper.Event) string {
		var text bytes.Buffer
		event.At = at
		grouper.LogTo(slog.New(slog.NewTextHandler(&text, &slog.HandlerOptions{Level: level})))(event)
		return text.String()
	}
	const prefix = "time=2026-01-02T03:04:05.000Z level="

	DescribeTable("V8: logs an event at its level, with its attributes",
		func(event grouper.Event, line string) {
			Expect(logged(slog.LevelDebug, event)).To(Equal(prefix + line + "\n"))
		},
		Entry("starting", grouper.Event{Path: "a/b", State: grouper.StateStarting},
			`DEBUG msg="member starting" member=a/b`),
		Entry("ready", grouper.Event{Path: "a", State: grouper.StateReady, After: time.Second},
			`INFO msg="member ready" member=a after=1s`),
		Entry("failed", grouper.Event{Path: "a", State: grouper.StateFailed, After: time.Second},
			`ERROR msg="member failed" member=a after=1s`),
		Entry("stopping", grouper.Event{Path: "a", State: grouper.StateStopping, After: time.Second, Signal: terminate},
			`INFO msg="member stopping" member=a after=1s signal=terminated`),
		Entry("exited", grouper.Event{Path: "a", State: grouper.StateExited, After: time.Second},
			`INFO msg="member exited" member=a after=1s`),
		Entry("exited with an error", grouper.Event{Path: "a", State: grouper.StateExited, After: time.Second, Err: errBoom},
			`ERROR msg="member exited" member=a after=1s err=boom`),
		Entry("of the observed runner", grouper.Event{State: grouper.StateReady, After: time.Second},
			`INFO msg="service ready" after=1s`),
		Entry("a first run", grouper.Event{Path: "a", Run: 1, State: grouper.StateStarting},
			`DEBUG msg="member starting" member=a run=1`),
		Entry("a later run", grouper.Event{Path: "a", Run: 2, State: grouper.StateStarting},
			`INFO msg="member starting" member=a run=2`),
		Entry("a later run that is ready", grouper.Event{Path: "a", Run: 2, State: grouper.StateReady, After: time.Second},
			`INFO msg="member ready" member=a run=2 after=1s`),
		Entry("a first run that is ready", grouper.Event{Path: "a", Run: 1, State: grouper.StateReady, After: time.Second},
			`DEBUG msg="member ready" member=a run=1 after=1s`),
		Entry("a run that exits", grouper.Event{Path: "a", Run: 2, State: grouper.StateExited, After: time.Second},
			`DEBUG msg="member exited" member=a run=2 after=1s`),
		Entry("a run that exits with an error", grouper.Event{Path: "a", Run: 1, State: grouper.StateExited, After: time.Second, Err: errBoom},
			`WARN msg="member exited" member=a run=1 after=1s err=boom`),
	)

	It("V8: leaves out what the logger does not want", func() {
		Expect(logged(slog.LevelInfo, grouper.Event{Path: "a", State: grouper.StateStarting})).To(BeEmpty())
	})

	It("V8: logs to the default logger if there is none", func() {
		before := slog.Default()
		defer slog.SetDefault(before)
		observer := grouper.LogTo(nil)
		var text bytes.Buffer
		slog.SetDefault(slog.New(slog.NewTextHandler(&text, nil)))
		observer(grouper.Event{Path: "a", State: grouper.StateReady})
		Expect(text.String()).To(ContainSubstring("member ready"))
	})
})
