package service

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-3b777528/grouper"
	"github.com/seed-3b777528/grouper/fakes"
	"github.com/tedsuo/ifrit"
)

// T2: the root gets the signal when the drain is over, or somebody is in a hurry.
func TestDrain(t *testing.T) {
	for name, test := range map[string]struct {
		signals []os.Signal
		after   time.Duration
		got     os.Signal
	}{
		"SIGTERM waits":           {[]os.Signal{syscall.SIGTERM}, 5 * time.Second, syscall.SIGTERM},
		"Interrupt does not":      {[]os.Signal{os.Interrupt}, 0, os.Interrupt},
		"a second signal ends it": {[]os.Signal{syscall.SIGTERM, syscall.SIGTERM}, 0, syscall.SIGTERM},
		"the root gets the first": {[]os.Signal{syscall.SIGTERM, os.Interrupt}, 0, syscall.SIGTERM},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				got := make(chan os.Signal, 1)
				member := ifrit.RunFunc(func(signals <-chan os.Signal, ready chan<- struct{}) error {
					close(ready)
					got <- <-signals
					return nil
				})
				tr := try(t, tree(grouper.Member{Name: "member", Runner: member}), Options{Drain: 5 * time.Second})
				for _, signal := range test.signals {
					tr.signal(signal)
				}
				if err := tr.returned(test.after); err != nil {
					t.Error(err)
				}
				if signal := <-got; signal != test.got {
					t.Errorf("the root got %v", signal)
				}
			})
		})
	}
}

// T2: before the root is ready there is no drain, and if it begins to stop by
// itself the drain is over.
func TestNoDrain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		never := grouper.ContextFunc(func(ctx context.Context, _ func()) error { <-ctx.Done(); return nil })
		tr := try(t, tree(grouper.Member{Name: "never", Runner: never}), Options{Drain: time.Hour})
		tr.signal(syscall.SIGTERM)
		if err := tr.returned(0); err != nil {
			t.Error(err)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		leaver := fakes.NewRunner()
		tr := try(t, tree(grouper.Member{Name: "leaver", Runner: leaver}), Options{Drain: time.Hour})
		leaver.TriggerReady()
		synctest.Wait()
		tr.signal(syscall.SIGTERM)
		time.Sleep(time.Minute)
		leaver.TriggerExit(errBoom)
		if err := tr.returned(time.Minute); !errors.Is(err, errBoom) {
			t.Error(err)
		}
	})
}

// T2: /readyz says no at once, even if the log is slow to write that.
func TestDrainIsSeenWhenItIsLogged(t *testing.T) {
	var r *running
	var answers []string
	logger := slog.New(slog.NewTextHandler(writerFunc(func(line []byte) (int, error) {
		answer := httptest.NewRecorder()
		adminHandler(r.root, nil, &r.refusal).ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/readyz", nil))
		answers = append(answers, answer.Body.String())
		return len(line), nil
	}), nil))
	r = newRunning(fakes.Idle(), Options{Drain: forever, Logger: logger}.withDefaults())
	defer r.stopTimers()
	r.drain(syscall.SIGTERM)
	if len(answers) != 1 || answers[0] != "draining\n" {
		t.Errorf("%q", answers)
	}
}

// readyLate is a tree that is ready inside of a wrapper that never is.
func readyLate() ifrit.Runner {
	wrapper := func(inside ifrit.Runner) ifrit.Runner {
		return ifrit.RunFunc(func(signals <-chan os.Signal, _ chan<- struct{}) error {
			return inside.Run(signals, make(chan struct{}))
		})
	}
	return grouper.Wrap(tree(grouper.Member{Name: "worker", Runner: worker}), wrapper)
}

// T2: the root is not ready before its wrapper is, whatever is inside.
func TestNoDrainOfAWrapperThatIsNotReady(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tr := try(t, readyLate(), Options{Drain: time.Hour})
		tr.signal(syscall.SIGTERM)
		if err := tr.returned(0); err != nil {
			t.Error(err)
		}
	})
}

// T2: /readyz says no for as long as there is no drain: a signal that comes
// after a yes is never too early for one.
func TestReadyzBeforeTheRootIsReady(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRunning(readyLate(), Options{Drain: forever, Logger: slog.New(slog.DiscardHandler)}.withDefaults())
		defer r.stopTimers()
		defer close(r.done)
		go r.runRoot(r.ready)
		synctest.Wait()
		if status, _ := grouper.Inspect(r.root); !status.Ready() {
			t.Fatalf("the tree is not ready:\n%v", status)
		}
		ask := func() string {
			answer := httptest.NewRecorder()
			adminHandler(r.root, nil, &r.refusal).ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/readyz", nil))
			return fmt.Sprint(answer.Code, " ", answer.Body)
		}
		if answer := ask(); answer != "503 starting\n" {
			t.Errorf("before the root is ready: %q", answer)
		}
		close(r.ready)
		if answer := ask(); answer != "200 ready\n" {
			t.Errorf("once it is: %q", answer)
		}
		r.takeSignal(syscall.SIGTERM)
		if answer := ask(); answer != "503 draining\n" {
			t.Errorf("after a signal: %q", answer)
		}
		r.toRoot <- syscall.SIGTERM
		<-r.stops
		if err := <-r.exited; err != nil {
			t.Error(err)
		}
	})
}

// writerFunc is a log that does something at each line.
type writerFunc func(line []byte) (int, error)

func (f writerFunc) Write(line []byte) (int, error) { return f(line) }
