package runners_test

import (
	"context"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-3b777528/grouper/runners"
)

// R5: open makes it ready, and close comes after a signal.
func TestOpenClose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		closed := false
		r := start(t, runners.OpenClose(
			func(context.Context) error { time.Sleep(time.Minute); return nil },
			func(ctx context.Context) error { closed = true; time.Sleep(time.Minute); return errBoom }))
		if r.isReady() {
			t.Error("it is ready before it is open")
		}
		time.Sleep(time.Minute)
		if !r.isReady() || closed {
			t.Errorf("ready: %v, closed: %v", r.isReady(), closed)
		}
		r.signals <- term
		if !r.isRunning() || !closed {
			t.Error("it has not begun to close")
		}
		time.Sleep(time.Minute)
		r.exits(errBoom)
	})
}

// R5: the context of open is done at the first signal; the interruption is no
// error, and there is nothing to close.
func TestOpenIsInterrupted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := start(t, runners.OpenClose(
			func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() },
			func(context.Context) error { t.Error("it is closed"); return nil }), term)
		r.exits(nil)
		r = start(t, runners.OpenClose(
			func(context.Context) error { return errBoom },
			func(context.Context) error { t.Error("it is closed"); return nil }))
		r.exits(errBoom)
		if r.isReady() {
			t.Error("it was ready")
		}
	})
}

// R5: what is open is closed, even if open returned after the signal. C3 does
// not apply to close.
func TestCloseAfterALateOpen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := start(t, runners.OpenClose(
			func(ctx context.Context) error { <-ctx.Done(); return nil },
			func(context.Context) error { return context.Canceled }), term)
		r.exits(context.Canceled)
	})
}

// R5: the context of close is done at os.Kill or a second signal.
func TestCloseIsInterrupted(t *testing.T) {
	for _, signals := range [][]os.Signal{{os.Kill}, {term, term}} {
		synctest.Test(t, func(t *testing.T) {
			r := start(t, runners.OpenClose(nil, func(ctx context.Context) error {
				<-ctx.Done()
				return errBoom
			}), signals...)
			r.exits(errBoom)
		})
	}
	synctest.Test(t, func(t *testing.T) {
		r := start(t, runners.OpenClose(nil, nil))
		if !r.isReady() {
			t.Error("it is not ready")
		}
		r.signals <- term
		r.exits(nil)
	})
}
