package service

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-3b777528/grouper"
	"github.com/seed-3b777528/grouper/fakes"
	"github.com/tedsuo/ifrit"
)

// slowAt is a log handler that takes a minute for each record of this message.
// Others pass meanwhile.
type slowAt string

func (h slowAt) Handle(_ context.Context, record slog.Record) error {
	if record.Message == string(h) {
		time.Sleep(time.Minute)
	}
	return nil
}

func (slowAt) Enabled(context.Context, slog.Level) bool { return true }
func (h slowAt) WithAttrs([]slog.Attr) slog.Handler     { return h }
func (h slowAt) WithGroup(string) slog.Handler          { return h }

func tryWith(log slowAt, root ifrit.Runner, options Options) *trial {
	tr := &trial{root: root, signals: make(chan os.Signal, 1), began: time.Now(), result: make(chan error, 1)}
	options.Logger = slog.New(log)
	go func() { tr.result <- run(root, options.withDefaults(), tr.signals) }()
	synctest.Wait()
	return tr
}

// T4: a root that is ready in time is not stopped, even if the log is late.
func TestStartUpDoesNotWaitForTheLog(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tr := tryWith(slowAt("member ready"), tree(grouper.Member{Name: "worker", Runner: worker}), Options{StartUp: time.Second})
		time.Sleep(time.Hour)
		tr.signal(syscall.SIGTERM)
		if err := <-tr.result; err != nil {
			t.Error(err)
		}
	})
}

// T2: a root that is ready is drained, even if the log is late, and whether it
// is a group or not.
func TestDrainDoesNotWaitForTheLog(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tr := tryWith(slowAt("service ready"), worker, Options{Drain: time.Hour})
		tr.signal(syscall.SIGTERM)
		if err := <-tr.result; err != nil || time.Since(tr.began) != time.Hour {
			t.Errorf("returned %v after %v", err, time.Since(tr.began))
		}
	})
}

// T3: Grace counts from when the root begins to stop, even if the log is late.
func TestGraceDoesNotWaitForTheLog(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stuck, leaver := newStubborn(), fakes.NewRunner()
		root := tree(grouper.Member{Name: "stuck", Runner: stuck}, grouper.Member{Name: "leaver", Runner: leaver})
		tr := tryWith(slowAt("member exited"), root, Options{Grace: 10 * time.Second})
		leaver.TriggerExit(errBoom)
		err := <-tr.result
		if took := time.Since(tr.began); !errors.As(err, new(GaveUpError)) || took != 11*time.Second {
			t.Errorf("returned %v after %v", err, took)
		}
		close(stuck.release)
		time.Sleep(time.Hour) // the log goes on
	})
}
