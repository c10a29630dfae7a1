// Fx is the service as the hooks of an fx application.
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
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/cenkalti/backoff/v5"
	"github.com/seed-3b777528/grouper/examples/compared/parts"
	"go.uber.org/fx"
	"golang.org/x/sync/errgroup"
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
	s.failed = make(chan error, len(s.members))
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
	failed   chan error // has room for all of them
	draining atomic.Bool

	mu sync.Mutex // guards the states of the members
}

// run starts the members one after the other, and stops them in reverse.
func (s *service) run(p *parts.Parts, signals <-chan os.Signal) error {
	signaled, release := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer release()
	app := fx.New(fx.NopLogger, fx.Invoke(func(lifecycle fx.Lifecycle) {
		for _, m := range s.members {
			lifecycle.Append(s.hook(m, signaled))
		}
	}))
	if err := app.Start(context.Background()); errors.Is(err, errSignaled) {
		return nil
	} else if err != nil {
		return err
	}
	// Not app.Wait: it has one signal, and of a Shutdowner's reason the exit code.
	var failure error
	select {
	case failure = <-s.failed:
	case received := <-signals:
		failure = s.drain(received, p.Drain, signals)
	}
	return errors.Join(failure, s.stop(app, p.Grace, signals))
}

// stop returns an error if the application does not stop in time, or before
// another signal.
func (s *service) stop(app *fx.App, grace time.Duration, signals <-chan os.Signal) error {
	ctx, cancel := context.WithTimeout(context.Background(), grace)
	defer cancel()
	go func() {
		<-signals
		cancel()
	}()
	err := app.Stop(ctx)
	if ctx.Err() != nil {
		slog.Error("giving up", "reason", ctx.Err(), "waiting", s.in("stopping"))
	}
	return err
}

var errSignaled = errors.New("a signal during the start")

func (s *service) hook(m *member, signaled context.Context) fx.Hook {
	ctx, cancel := context.WithCancel(context.Background()) // that of OnStart ends with the start
	exited := make(chan struct{})
	return fx.Hook{
		OnStart: func(context.Context) error {
			ready := make(chan struct{})
			s.enter(m, "starting", nil)
			go func() {
				defer close(exited)
				err := s.keep(ctx, m, sync.OnceFunc(func() { close(ready) }))
				s.enter(m, "exited", err)
				if err != nil {
					s.failed <- fmt.Errorf("%s: %w", m.name, err)
				}
			}()
			select {
			case <-ready:
				return nil
			case err := <-s.failed: // its own, or of one before it
				cancel()
				return err
			case <-signaled.Done(): // not of the start's context: fx needs that to stop the others
				s.enter(m, "stopping", nil)
				cancel()
				<-exited
				return errSignaled
			}
		},
		OnStop: func(stop context.Context) error {
			s.enter(m, "stopping", nil)
			cancel()
			select {
			case <-exited:
				return nil
			case <-stop.Done():
				return fmt.Errorf("%s: %w", m.name, stop.Err())
			}
		},
	}
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
func (s *service) drain(received os.Signal, drain time.Duration, signals <-chan os.Signal) error {
	slog.Info("draining", "signal", received)
	s.draining.Store(true)
	select {
	case <-time.After(drain):
	case <-signals:
	case err := <-s.failed:
		return err
	}
	return nil
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
		g, ctx := errgroup.WithContext(ctx)
		for range parts.Workers {
			g.Go(func() error { return q.Work(ctx) })
		}
		return g.Wait()
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
