// Oklog is the service as the actors of a group of oklog/run.
package main

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/cenkalti/backoff/v5"
	"github.com/oklog/run"
	"github.com/seed-3b777528/grouper/examples/compared/parts"
)

func main() {
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM)
	p := parts.New()
	s := &service{members: []*member{
		{name: "db", run: database(p.DB)},
		{name: "broker", run: p.Broker.Run, restarts: true},
		{name: "config", run: atOnce(p.Config.Watch)},
		{name: "workers", run: atOnce(workers(p.Queue))},
		{name: "cleanup", run: atOnce(every(parts.Interval, p.Queue.Cleanup))},
		{name: "api", run: serve(p.API)},
	}}
	listener, err := net.Listen("tcp", p.Admin)
	if err != nil {
		slog.Error("the admin server cannot listen", "err", err)
		os.Exit(1)
	}
	go parts.NewServer("admin", p.Admin, s.admin(p.Metrics)).Serve(listener)
	if err := s.run(p, signals); err != nil {
		slog.Error("the service failed", "err", err)
		os.Exit(1)
	}
}

// A service is its members, each of which needs those before it.
type service struct {
	members  []*member
	draining atomic.Bool

	mu sync.Mutex // guards the states of the members
}

// run adds the members in reverse: actors start together, so that each one waits
// for the one before it, but they are interrupted in the order of their addition.
func (s *service) run(p *parts.Parts, signals <-chan os.Signal) error {
	var g run.Group
	interrupted := make(chan struct{})
	g.Add(func() error {
		select {
		case received := <-signals:
			if len(s.in("ready")) == len(s.members) {
				s.drain(received, p.Drain, signals, interrupted)
			}
		case <-interrupted:
		}
		return nil
	}, func(error) {
		close(interrupted)
		go s.watch(p.Grace, signals)
	})
	ready := make([]chan struct{}, len(s.members)+1)
	for i := range ready {
		ready[i] = make(chan struct{})
	}
	close(ready[0]) // what the first one waits for
	for i, m := range slices.Backward(s.members) {
		s.add(&g, m, ready[i], sync.OnceFunc(func() { close(ready[i+1]) }))
	}
	return g.Run()
}

func (s *service) add(g *run.Group, m *member, before <-chan struct{}, ready func()) {
	ctx, cancel := context.WithCancel(context.Background())
	exited := make(chan struct{})
	g.Add(func() error {
		defer close(exited)
		select {
		case <-before:
		case <-ctx.Done():
			return nil
		}
		s.enter(m, "starting", nil)
		err := s.keep(ctx, m, ready)
		s.enter(m, "exited", err)
		if err != nil {
			return fmt.Errorf("%s: %w", m.name, err)
		}
		return nil
	}, func(error) {
		s.enter(m, "stopping", nil)
		cancel()
		<-exited // only then is the next one interrupted
	})
}

// keep runs a member, again and again if it restarts.
func (s *service) keep(ctx context.Context, m *member, ready func()) error {
	pauses := backoff.NewExponentialBackOff()
	for {
		err := m.run(ctx, func() {
			pauses.Reset()
			s.enter(m, "ready", nil)
			ready()
		})
		if !m.restarts || ctx.Err() != nil {
			return err
		}
		s.enter(m, "restarting", err)
		select {
		case <-time.After(pauses.NextBackOff()):
		case <-ctx.Done():
			return nil
		}
	}
}

// drain has load balancers see that the service is about to stop.
func (s *service) drain(received os.Signal, drain time.Duration, signals <-chan os.Signal, interrupted <-chan struct{}) {
	slog.Info("draining", "signal", received)
	s.draining.Store(true)
	select {
	case <-time.After(drain):
	case <-signals:
	case <-interrupted:
	}
}

// watch ends the program if it does not end in time, or at another signal.
func (s *service) watch(grace time.Duration, signals <-chan os.Signal) {
	reason := "a second signal"
	select {
	case <-time.After(grace):
		reason = "the stop took too long"
	case <-signals:
	}
	slog.Error("giving up", "reason", reason, "waiting", s.in("stopping"))
	os.Exit(1)
}

// A member runs until its context is done, and says when it is ready.
type member struct {
	name     string
	run      func(ctx context.Context, ready func()) error
	restarts bool

	state string
	since time.Time
}

// enter logs and keeps what a member has come to.
func (s *service) enter(m *member, state string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if m.state == "exited" || m.state == "" && state == "stopping" {
		return
	}
	attributes, now := []any{"member", m.name}, time.Now()
	if m.state != "" {
		attributes = append(attributes, "after", now.Sub(m.since))
	}
	if err != nil {
		attributes = append(attributes, "err", err)
	}
	m.state, m.since = state, now
	slog.Info("member "+state, attributes...)
}

// in returns the names of the members in a state.
func (s *service) in(state string) (names []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, m := range s.members {
		if m.state == state {
			names = append(names, m.name)
		}
	}
	return names
}

func (s *service) admin(metrics http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", metrics)
	mux.HandleFunc("GET /livez", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, _ *http.Request) {
		switch {
		case s.draining.Load():
			http.Error(w, "draining", http.StatusServiceUnavailable)
		case len(s.in("ready")) != len(s.members):
			http.Error(w, "not ready", http.StatusServiceUnavailable)
		}
	})
	mux.HandleFunc("GET /status", func(w http.ResponseWriter, _ *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		for _, m := range s.members {
			fmt.Fprintf(w, "%-8s %-10s %v\n", m.name, m.state, time.Since(m.since).Round(time.Millisecond))
		}
	})
	return mux
}

func database(db *parts.DB) func(context.Context, func()) error {
	return func(ctx context.Context, ready func()) error {
		if err := db.Open(ctx); err != nil {
			return err
		}
		defer db.Close(context.Background())
		if err := db.Migrate(ctx); err != nil {
			return err
		}
		ready()
		<-ctx.Done()
		return nil
	}
}

// atOnce is for what is ready when it begins.
func atOnce(run func(context.Context) error) func(context.Context, func()) error {
	return func(ctx context.Context, ready func()) error {
		ready()
		return run(ctx)
	}
}

func workers(q *parts.Queue) func(context.Context) error {
	return func(ctx context.Context) error {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		var g run.Group
		for range parts.Workers {
			g.Add(func() error { return q.Work(ctx) }, func(error) { cancel() })
		}
		return g.Run()
	}
}

func every(interval time.Duration, job func(context.Context) error) func(context.Context) error {
	return func(ctx context.Context) error {
		ticker := time.NewTicker(interval)
		defer ticker.Stop()
		for {
			if err := job(ctx); err != nil {
				return err
			}
			select {
			case <-ticker.C:
			case <-ctx.Done():
				return nil
			}
		}
	}
}

func serve(server *http.Server) func(context.Context, func()) error {
	return func(ctx context.Context, ready func()) error {
		listener, err := net.Listen("tcp", server.Addr)
		if err != nil {
			return err
		}
		failed := make(chan error, 1)
		go func() { failed <- server.Serve(listener) }()
		ready()
		select {
		case err := <-failed:
			return err
		case <-ctx.Done():
			return server.Shutdown(context.Background())
		}
	}
}
