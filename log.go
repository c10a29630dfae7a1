package grouper

import (
	"context"
	"errors"
	"log/slog"
)

// LogTo returns an observer for [Observe] that logs each event. The message is
// "member starting", "member ready" and so on, or "service starting" for the
// observed Runner itself. The attributes are member (the path) and, where they
// apply, run, after, signal and err. After is the time in the state before: of
// "member stopping", how long the member was ready; of "member ready", how long it
// took to start. The time of the record is that of the event.
//
// A failure, and an exit with an error, is logged as Error, starting as Debug,
// everything else as Info. Inside a [Wrap], the wrapper decides what an exit
// means: there an exit with an error is logged as Warn, starting and ready of
// every run but the first as Info, everything else as Debug.
//
// The observer may be called from any goroutine. It blocks as long as the
// logger's handler does, and ignores the handler's error. A nil logger stands
// for [slog.Default] at the time of the event.
func LogTo(logger *slog.Logger) func(Event) {
	return func(event Event) {
		to := logger
		if to == nil {
			to = slog.Default()
		}
		ctx, level := context.Background(), event.level()
		if !to.Enabled(ctx, level) {
			return
		}
		record := slog.NewRecord(event.At, level, event.message(), 0)
		record.AddAttrs(event.attributes()...)
		_ = to.Handler().Handle(ctx, record)
	}
}

func (e Event) message() string {
	if e.Path == "" {
		return "service " + string(e.State)
	}
	return "member " + string(e.State)
}

func (e Event) level() slog.Level {
	failed := e.State == StateFailed || e.State == StateExited && e.Err != nil
	switch {
	case e.Run > 0 && failed:
		return slog.LevelWarn
	case e.Run > 1 && (e.State == StateStarting || e.State == StateReady):
		return slog.LevelInfo
	case e.Run > 0:
		return slog.LevelDebug
	case failed:
		return slog.LevelError
	case e.State == StateStarting:
		return slog.LevelDebug
	}
	return slog.LevelInfo
}

func (e Event) attributes() (attributes []slog.Attr) {
	if e.Path != "" {
		attributes = append(attributes, slog.String("member", e.Path))
	}
	if e.Run > 0 {
		attributes = append(attributes, slog.Int("run", e.Run))
	}
	if e.State != StateStarting {
		attributes = append(attributes, slog.Duration("after", e.After))
	}
	if e.Signal != nil {
		attributes = append(attributes, slog.String("signal", textOf(e.Signal)))
	}
	if e.Err != nil {
		attributes = append(attributes, slog.Any("err", loggable(e.Err)))
	}
	return attributes
}

// loggable returns an error whose text a handler may ask for: err itself, unless
// its Error panics. The text of a trace never panics.
func loggable(err error) (safe error) {
	if _, is := err.(ErrorTrace); is {
		return err
	}
	defer func() {
		if recover() != nil {
			safe = errors.New(textOf(err))
		}
	}()
	_ = err.Error()
	return err
}
