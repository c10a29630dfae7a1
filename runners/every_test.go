package runners_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-3b777528/grouper"
	"github.com/seed-3b777528/grouper/runners"
)

// R6: it calls at once and then at each interval, and a call that takes longer
// delays the next one to the next tick.
func TestEvery(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		var calls []time.Duration
		r := start(t, runners.Every(time.Minute, func(ctx context.Context) error {
			calls = append(calls, time.Since(began))
			switch len(calls) {
			case 2:
				time.Sleep(150 * time.Second)
			case 4:
				<-ctx.Done()
				time.Sleep(time.Second)
				return ctx.Err()
			}
			return nil
		}))
		if !r.isReady() {
			t.Error("it is not ready at once")
		}
		time.Sleep(time.Hour)
		r.signals <- term
		r.exits(nil)
		if want := []time.Duration{0, time.Minute, 4 * time.Minute, 5 * time.Minute}; !slices.Equal(calls, want) {
			t.Errorf("called after %v", calls)
		}
		if after := time.Since(began); after != time.Hour+time.Second {
			t.Errorf("exited after %v", after)
		}
	})
}

// R6: errors, and bad input.
func TestEveryFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start(t, runners.Every(time.Minute, func(context.Context) error { return errBoom })).exits(errBoom)
		if err := <-start(t, runners.Every(time.Minute, nil)).exit; !errors.Is(err, grouper.ErrNilRunner) {
			t.Error(err)
		}
		for _, interval := range []time.Duration{0, -1} {
			r := start(t, runners.Every(interval, func(context.Context) error { t.Error("called"); return nil }))
			if err := <-r.exit; err == nil || r.isReady() {
				t.Errorf("exited with %v", err)
			}
		}
	})
}

// R6: a signal between two calls ends it at once, and nil signals and a closed
// signals channel do not (G3).
func TestEveryIsStopped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		r := start(t, runners.Every(time.Hour, func(context.Context) error { return nil }), nil)
		time.Sleep(90 * time.Minute)
		r.signals <- term
		r.exits(nil)
		if after := time.Since(began); after != 90*time.Minute {
			t.Errorf("exited after %v", after)
		}
		calls := 0
		r = start(t, runners.Every(time.Hour, func(context.Context) error {
			if calls++; calls == 3 {
				return errBoom
			}
			return nil
		}))
		close(r.signals)
		r.exits(errBoom)
	})
}
