package service

import (
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/seed-3b777528/grouper"
	"github.com/seed-3b777528/grouper/health"
	"github.com/tedsuo/ifrit"
)

// An admin is the server at Options.Admin. Nil is none.
type admin struct {
	server *http.Server
	ended  chan struct{}
}

// startAdmin listens before it returns, so that the server answers from then
// on.
func startAdmin(o Options, root ifrit.Runner, refusal *refusal) (*admin, error) {
	if o.Admin == "" {
		return nil, nil
	}
	listener, err := net.Listen("tcp", o.Admin)
	if err != nil {
		return nil, fmt.Errorf("admin server: %w", err)
	}
	a := &admin{
		server: &http.Server{
			Handler:           adminHandler(root, o.AdminHandler, refusal),
			ReadHeaderTimeout: 10 * time.Second,
			IdleTimeout:       2 * time.Minute,
			ErrorLog:          slog.NewLogLogger(o.Logger.Handler(), slog.LevelWarn),
		},
		ended: make(chan struct{}),
	}
	go func() {
		defer close(a.ended)
		_ = a.server.Serve(listener) // returns when it is closed
	}()
	o.Logger.Info("admin server listens", "address", listener.Addr().String())
	return a, nil
}

func (a *admin) close() {
	if a != nil {
		_ = a.server.Close()
		<-a.ended
	}
}

func adminHandler(root ifrit.Runner, others http.Handler, refusal *refusal) http.Handler {
	mux := http.NewServeMux()
	own := health.Handler(root)
	mux.Handle("/livez", own)
	mux.Handle("/readyz", refusal.before(root, own))
	mux.Handle("/status", own)
	if others != nil {
		mux.Handle("/", others)
	}
	return mux
}

// A refusal is why /readyz says no although the tree is ready: the root is not
// yet, it drains, or the signal is on its way to it. A draining tree of any
// state is refused.
type refusal struct {
	rootReady          <-chan struct{}
	draining, stopping atomic.Bool
}

func (r *refusal) before(root ifrit.Runner, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		word := r.word(root)
		if word == "" || request.Method != http.MethodGet && request.Method != http.MethodHead {
			next.ServeHTTP(w, request)
			return
		}
		header := w.Header()
		header.Set("Content-Type", "text/plain; charset=utf-8")
		header.Set("Cache-Control", "no-store")
		header.Set("X-Content-Type-Options", "nosniff")
		w.WriteHeader(http.StatusServiceUnavailable)
		fmt.Fprintln(w, word)
	})
}

func (r *refusal) word(root ifrit.Runner) (word string) {
	switch {
	case r.draining.Load():
		return "draining"
	case r.stopping.Load():
		word = "stopping"
	case !closed(r.rootReady):
		word = "starting"
	default:
		return ""
	}
	if status, _ := grouper.Inspect(root); status.Ready() {
		return word
	}
	return "" // what is answered then says more
}

func closed(events <-chan struct{}) bool {
	select {
	case <-events:
		return true
	default:
		return false
	}
}
