package service

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-3b777528/grouper"
	"github.com/seed-3b777528/grouper/fakes"
	"github.com/tedsuo/ifrit"
)

const forever = 24 * time.Hour

var errBoom = errors.New("boom")

// A log is what a service has logged.
type log struct {
	mu   sync.Mutex // guards text
	text bytes.Buffer
}

func (l *log) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(line)
}

func (l *log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// A trial is a service in a bubble.
type trial struct {
	t       *testing.T
	root    ifrit.Runner
	signals chan os.Signal
	log     log
	began   time.Time
	result  chan error
}

func try(t *testing.T, root ifrit.Runner, options Options) *trial {
	tr := &trial{t: t, root: root, signals: make(chan os.Signal, 1), began: time.Now(), result: make(chan error, 1)}
	options.Logger = slog.New(slog.NewTextHandler(&tr.log, nil))
	go func() { tr.result <- run(root, options.withDefaults(), tr.signals) }()
	synctest.Wait()
	return tr
}

func (tr *trial) signal(signal os.Signal) {
	tr.signals <- signal
	synctest.Wait()
}

// returned waits for the result, which must come after so long.
func (tr *trial) returned(after time.Duration) error {
	tr.t.Helper()
	select {
	case err := <-tr.result:
		if took := time.Since(tr.began); took != after {
			tr.t.Errorf("returned after %v, want %v", took, after)
		}
		return err
	case <-time.After(forever):
		tr.t.Fatal("has not returned")
		return nil
	}
}

func (tr *trial) gaveUp(after time.Duration, reason string, paths ...string) GaveUpError {
	tr.t.Helper()
	err := tr.returned(after)
	var gaveUp GaveUpError
	if !errors.As(err, &gaveUp) {
		tr.t.Fatalf("returned %v", err)
	}
	if gaveUp.Reason != reason || strings.Join(gaveUp.WaitingFor, ", ") != strings.Join(paths, ", ") {
		tr.t.Errorf("gave up because of %q, waiting for %q", gaveUp.Reason, gaveUp.WaitingFor)
	}
	var pointer *GaveUpError
	if !errors.As(err, &pointer) || pointer.Reason != reason {
		tr.t.Error("errors.As finds no pointer")
	}
	for _, path := range paths {
		if !strings.Contains(err.Error(), path) || !strings.Contains(tr.log.String(), path) {
			tr.t.Errorf("%s is not named by %q", path, err)
		}
	}
	return gaveUp
}

// stubborn is ready at once, records its signals, and exits only when released.
type stubborn struct {
	*fakes.Runner
	release chan struct{}
}

func newStubborn() stubborn { return stubborn{fakes.NewRunner(), make(chan struct{})} }

func (s stubborn) Run(signals <-chan os.Signal, ready chan<- struct{}) error {
	go func() {
		<-s.release
		s.TriggerExit(nil)
	}()
	go s.TriggerReady()
	return s.Runner.Run(signals, ready)
}

func tree(members ...grouper.Member) ifrit.Runner {
	return grouper.NewOrdered(syscall.SIGTERM, members)
}

var worker = grouper.WorkerFunc(func(ctx context.Context) error {
	<-ctx.Done()
	return ctx.Err()
})
