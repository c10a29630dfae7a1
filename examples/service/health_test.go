package main

import (
	"net/http"
	"net/http/httptest"
	"os"
	"testing"

	"github.com/tedsuo/ifrit"
)

func TestHealthz(t *testing.T) {
	readiness := new(readiness)
	want := func(code int, body string) {
		t.Helper()
		answer := httptest.NewRecorder()
		healthHandler(readiness, new(watch)).ServeHTTP(answer, httptest.NewRequest("GET", "/healthz", nil))
		if answer.Code != code || answer.Body.String() != body {
			t.Errorf("%d %q, want %d %q", answer.Code, answer.Body, code, body)
		}
	}

	want(http.StatusServiceUnavailable, "starting\n")
	process := ifrit.Invoke(readiness)
	want(http.StatusOK, "ready\n")
	process.Signal(os.Interrupt)
	<-process.Wait()
	want(http.StatusServiceUnavailable, "stopping\n")
}
