// Dskit is the service as modules of dskit.
package main

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"os"
	"os/signal"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/go-kit/log"
	"github.com/grafana/dskit/backoff"
	"github.com/grafana/dskit/modules"
	"github.com/grafana/dskit/services"
	"github.com/seed-3b777528/grouper/examples/compared/parts"
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

// run starts the members one after the other, and stops them in reverse.
func (s *service) run(p *parts.Parts, signals <-chan os.Signal) error {
	manager, err := s.manager()
	if err != nil {
		return err
	}
	failed := services.NewFailureWatcher()
	failed.WatchManager(manager)
	if err := manager.StartAsync(context.Background()); err != nil {
		return err
	}
	var failure error
	started := true
	select {
	case failure = <-failed.Chan():
	case received := <-signals:
		if started = manager.IsHealthy(); started {
			failure = s.drain(received, p.Drain, signals, failed.Chan())
		}
	}
	go s.watch(p.Grace, signals)
	manager.StopAsync()
	if err := manager.AwaitStopped(context.Background()); err != nil {
		return err
	}
	for _, stopped := range manager.ServicesByState()[services.Failed] {
		if failure == nil && started { // what has not started counts as failed
			failure = stopped.FailureCase()
		}
	}
	return failure
}

// manager returns the members as modules, each of which depends on the one
// before it.
func (s *service) manager() (*services.Manager, error) {
	ordered := modules.NewManager(log.NewNopLogger())
	for i, m := range s.members {
		ordered.RegisterModule(m.name, func() (services.Service, error) { return s.module(m), nil })
		if i > 0 {
			if err := ordered.AddDependency(m.name, s.members[i-1].name); err != nil {
				return nil, err
			}
		}
	}
	all, err := ordered.InitModuleServices(s.members[len(s.members)-1].name)
	if err != nil {
		return nil, err
	}
	return services.NewManager(slices.Collect(maps.Values(all))...)
}

// module logs in its functions, because listeners are called later, and not all
// of them before the end. It has a context of its own, because that of dskit is
// done before it is stopping.
func (s *service) module(m *member) services.Service {
	own, cancel := context.WithCancel(context.Background())
	exited := make(chan struct{})
	var exit error
	return services.NewBasicService(
		func(ctx context.Context) error {
			ready := make(chan struct{})
			s.enter(m, "starting", nil)
			go func() {
				defer close(exited)
				exit = s.keep(own, m, sync.OnceFunc(func() { close(ready) }))
				s.enter(m, "exited", exit)
			}()
			select {
			case <-ready:
				return nil
			case <-exited:
				return exit
			case <-ctx.Done():
				return nil
			}
		},
		func(ctx context.Context) error {
			select {
			case <-ctx.Done():
				return nil
			case <-exited:
				return exit
			}
		},
		func(error) error {
			s.enter(m, "stopping", nil)
			cancel()
			<-exited
			return exit
		},
	).WithName(m.name)
}

// keep runs a member, again and again if it restarts.
func (s *service) keep(ctx context.Context, m *member, ready func()) error {
	pauses := backoff.New(ctx, backoff.Config{MinBackoff: 100 * time.Millisecond, MaxBackoff: 30 * time.Second})
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
		if pauses.Wait(); !pauses.Ongoing() {
			return nil
		}
	}
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
