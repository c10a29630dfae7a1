// Suture is the service as supervisors of suture.
package main

import (
	"context"
	"errors"
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

	"github.com/seed-3b777528/grouper/examples/compared/parts"
	"github.com/thejerf/suture/v4"
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

// run starts the members one after the other, and stops them in reverse. The
// services of one supervisor start and stop together, so that each member has a
// supervisor of its own.
func (s *service) run(p *parts.Parts, signals <-chan os.Signal) error {
	failed := make(chan error, len(s.members))
	ready, err := s.start(failed, signals)
	if ready {
		select {
		case err = <-failed:
		case received := <-signals:
			err = s.drain(received, p.Drain, signals, failed)
		}
	}
	go s.watch(p.Grace, signals)
	for _, m := range slices.Backward(s.members) {
		if m.stop != nil {
			s.enter(m, "stopping", nil)
			m.stop()
			<-m.exited
		}
	}
	close(failed)
	for late := range failed {
		err = errors.Join(err, late)
	}
	return err
}

// start returns when all members are ready, one has failed, or a signal comes.
func (s *service) start(failed chan error, signals <-chan os.Signal) (allReady bool, err error) {
	for _, m := range s.members {
		ctx, cancel := context.WithCancel(context.Background())
		ready := make(chan struct{})
		m.stop, m.exited, m.service = cancel, make(chan struct{}), s
		m.ready = sync.OnceFunc(func() { close(ready) })
		supervisor := suture.New(m.name, suture.Spec{
			EventHook:        func(suture.Event) {}, // Serve logs what the service does
			FailureThreshold: 0.5,                   // so that each failure is followed by a pause
			FailureBackoff:   200 * time.Millisecond,
			Timeout:          24 * time.Hour, // watch has the limit
		})
		supervisor.Add(m)
		exit := supervisor.ServeBackground(ctx)
		go func() {
			defer close(m.exited)
			err := <-exit
			if errors.Is(err, context.Canceled) {
				err = m.err
			}
			s.enter(m, "exited", err)
			if err != nil {
				failed <- fmt.Errorf("%s: %w", m.name, err)
			}
		}()
		select {
		case <-ready:
		case err := <-failed:
			return false, err
		case <-signals:
			return false, nil
		}
	}
	return true, nil
}

// Serve is called by the supervisor, again if it returns for another reason than
// its context, unless that ends the supervisor.
func (m *member) Serve(ctx context.Context) error {
	m.service.enter(m, "starting", nil)
	err := m.run(ctx, func() {
		m.service.enter(m, "ready", nil)
		m.ready()
	})
	switch {
	case ctx.Err() != nil:
		m.err = err // which the supervisor does not return
	case m.restarts:
		m.service.enter(m, "restarting", err)
	default:
		err = errors.Join(err, suture.ErrTerminateSupervisorTree)
	}
	return err
}

// drain has load balancers see that the service is about to stop.
func (s *service) drain(received os.Signal, drain time.Duration, signals <-chan os.Signal, failed <-chan error) error {
	slog.Info("draining", "signal", received)
	s.draining.Store(true)
	select {
	case <-time.After(drain):
	case <-signals:
	case err := <-failed:
		return err
	}
	return nil
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
	service  *service
	ready    func()
	stop     context.CancelFunc
	exited   chan struct{} // closed when the supervisor has
	err      error         // of its end

	state string
	since time.Time
}

// enter logs and keeps what a member has come to.
func (s *service) enter(m *member, state string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if m.state == "exited" {
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
		supervisor := suture.NewSimple("workers")
		for range parts.Workers {
			supervisor.Add(worker{q})
		}
		if err := supervisor.Serve(ctx); !errors.Is(err, context.Canceled) {
			return err
		}
		return nil
	}
}

type worker struct{ *parts.Queue }

func (w worker) Serve(ctx context.Context) error { return w.Work(ctx) }

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
