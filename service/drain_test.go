package service

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"syscall"
	"testing"

	"github.com/seed-3b777528/grouper/fakes"
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
