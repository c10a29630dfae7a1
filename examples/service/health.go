package main

import (
	"io"
	"log/slog"
	"net/http"
	"os"
	"sync/atomic"
	"time"
)

// A readiness is the last member that is started and the first that is stopped.
// So the service is ready exactly while this member is, and as long as it takes
// its time to exit, the servers go on serving.
type readiness struct {
	grace    time.Duration
	ready    atomic.Bool
	stopping atomic.Bool
}

func (r *readiness) Run(signals <-chan os.Signal, ready chan<- struct{}) error {
	r.ready.Store(true)
	close(ready)

	signal := <-signals
	r.stopping.Store(true)
	slog.Info("stopping", "signal", signal, "grace", r.grace)

	select {
	case <-time.After(r.grace):
	case <-signals: // somebody is in a hurry
	}
	return nil
}

func (r *readiness) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	switch {
	case r.stopping.Load():
		http.Error(w, "stopping", http.StatusServiceUnavailable)
	case r.ready.Load():
		io.WriteString(w, "ready\n")
	default:
		http.Error(w, "starting", http.StatusServiceUnavailable)
	}
}

func healthHandler(readiness *readiness, watch *watch) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /healthz", readiness)
	mux.Handle("GET /status", watch)
	return mux
}
