package service

import (
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

// writerFunc is a log that does something at each line.
type writerFunc func(line []byte) (int, error)

func (f writerFunc) Write(line []byte) (int, error) { return f(line) }

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

// T2: the root is not ready before its wrapper is, whatever is inside.
func TestNoDrainOfAWrapperThatIsNotReady(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		wrapper := func(inside ifrit.Runner) ifrit.Runner {
			return ifrit.RunFunc(func(signals <-chan os.Signal, _ chan<- struct{}) error {
				return inside.Run(signals, make(chan struct{}))
			})
		}
		root := grouper.Wrap(tree(grouper.Member{Name: "worker", Runner: worker}), wrapper)
		tr := try(t, root, Options{Drain: time.Hour})
		tr.signal(syscall.SIGTERM)
		if err := tr.returned(0); err != nil {
			t.Error(err)
		}
	})
}
