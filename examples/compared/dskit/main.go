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
	broker := &broker{client: p.Broker}
	a, err := newApp(broker,
		database(p.DB),
		runs("broker", broker.run),
		runs("config", atOnce(p.Config.Watch)),
		runs("workers", atOnce(workers(p.Queue))),
		runs("cleanup", atOnce(every(parts.Interval, p.Queue.Cleanup))),
		serve("api", p.API),
	)
	if err != nil {
		slog.Error("the modules do not fit", "err", err)
		os.Exit(1)
	}
	listener, err := net.Listen("tcp", p.Admin)
	if err != nil {
		slog.Error("the admin server cannot listen", "err", err)
		os.Exit(1)
	}
	go parts.NewServer("admin", p.Admin, a.admin(p.Metrics)).Serve(listener)
	if err := a.run(p, signals); err != nil {
		slog.Error("the service failed", "err", err)
		os.Exit(1)
	}
}

// An app is its modules, each of which depends on the one before it.
type app struct {
	broker   *broker
	modules  []*module
	manager  *services.Manager
	draining atomic.Bool
}

func newApp(broker *broker, all ...*module) (*app, error) {
	ordered := modules.NewManager(log.NewNopLogger())
	for i, m := range all {
		ordered.RegisterModule(m.name, func() (services.Service, error) { return m.service, nil })
		if i > 0 {
			if err := ordered.AddDependency(m.name, all[i-1].name); err != nil {
				return nil, err
			}
		}
	}
	wrapped, err := ordered.InitModuleServices(all[len(all)-1].name)
	if err != nil {
		return nil, err
	}
	manager, err := services.NewManager(slices.Collect(maps.Values(wrapped))...)
	return &app{broker: broker, modules: all, manager: manager}, err
}

func (a *app) run(p *parts.Parts, signals <-chan os.Signal) error {
	failed := services.NewFailureWatcher()
	failed.WatchManager(a.manager)
	if err := a.manager.StartAsync(context.Background()); err != nil {
		return err
	}
	var failure error
	started := true
	select {
	case failure = <-failed.Chan():
	case received := <-signals:
		if started = a.manager.IsHealthy(); started {
			failure = a.drain(received, p.Drain, signals, failed.Chan())
		}
	}
	go a.watch(p.Grace, signals)
	a.manager.StopAsync()
	if err := a.manager.AwaitStopped(context.Background()); err != nil {
		return err
	}
	for _, stopped := range a.manager.ServicesByState()[services.Failed] {
		if failure == nil && started { // what has not started counts as failed
			failure = stopped.FailureCase()
		}
	}
	return failure
}

// drain has load balancers see that the service is about to stop.
func (a *app) drain(received os.Signal, drain time.Duration, signals <-chan os.Signal, failed <-chan error) error {
	slog.Info("draining", "signal", received)
	a.draining.Store(true)
	select {
	case <-time.After(drain):
	case <-signals:
	case err := <-failed:
		return err
	}
	return nil
}

// watch ends the program if it does not end in time, or at another signal.
func (a *app) watch(grace time.Duration, signals <-chan os.Signal) {
	reason := "a second signal"
	select {
	case <-time.After(grace):
		reason = "the stop took too long"
	case <-signals:
	}
	var waiting []string
	for _, m := range a.modules {
		if state, _ := m.now(); state == "stopping" {
			waiting = append(waiting, m.name)
		}
	}
	slog.Error("giving up", "reason", reason, "waiting", waiting)
	os.Exit(1)
}

// A module is a service that logs and keeps what it has come to. It does so in
// the service's functions: listeners are called later, and not all before the end.
type module struct {
	name    string
	service services.Service

	mu    sync.Mutex // guards what follows
	state string
	since time.Time
}

func newModule(name string, start services.StartingFn, run services.RunningFn, stop services.StoppingFn) *module {
	m := &module{name: name}
	m.service = services.NewBasicService(
		func(ctx context.Context) error {
			m.enter("starting", nil)
			if err := start(ctx); err != nil {
				m.enter("exited", err)
				return err
			}
			m.enter("ready", nil)
			return nil
		},
		run,
		func(failure error) error {
			m.enter("stopping", failure)
			err := stop(failure)
			m.enter("exited", err)
			return err
		},
	)
	return m
}

func (m *module) enter(state string, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
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

func (m *module) now() (state string, since time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.state, m.since
}

func (a *app) admin(metrics http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", metrics)
	mux.HandleFunc("GET /livez", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, _ *http.Request) {
		switch {
		case a.draining.Load():
			http.Error(w, "draining", http.StatusServiceUnavailable)
		case !a.manager.IsHealthy() || !a.broker.connected.Load():
			http.Error(w, "not ready", http.StatusServiceUnavailable)
		}
	})
	mux.HandleFunc("GET /status", func(w http.ResponseWriter, _ *http.Request) {
		for _, m := range a.modules {
			state, since := m.now()
			fmt.Fprintf(w, "%-8s %-10s %v\n", m.name, state, time.Since(since).Round(time.Millisecond))
		}
		fmt.Fprintln(w, "connected to the broker:", a.broker.connected.Load())
	})
	return mux
}

// runs is for what does all its work in one function.
func runs(name string, run func(ctx context.Context, ready func()) error) *module {
	exited := make(chan struct{})
	var exit error
	return newModule(name,
		func(ctx context.Context) error {
			ready := make(chan struct{})
			go func() {
				defer close(exited)
				exit = run(ctx, sync.OnceFunc(func() { close(ready) }))
			}()
			select {
			case <-ready:
				return nil
			case <-exited:
				return exit
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
		func(error) error { // waits here, because only now it is stopping
			<-exited
			return exit
		},
	)
}

func database(db *parts.DB) *module {
	return newModule("db",
		func(ctx context.Context) error {
			if err := db.Open(ctx); err != nil {
				return err
			}
			return db.Migrate(ctx)
		},
		func(ctx context.Context) error {
			<-ctx.Done()
			return nil
		},
		func(error) error { return db.Close(context.Background()) },
	)
}

// A broker connects its client, again and again.
type broker struct {
	client    *parts.Broker
	connected atomic.Bool
}

func (b *broker) run(ctx context.Context, ready func()) error {
	pauses := backoff.New(ctx, backoff.Config{MinBackoff: 100 * time.Millisecond, MaxBackoff: 30 * time.Second})
	for pauses.Ongoing() {
		err := b.client.Run(ctx, func() {
			pauses.Reset()
			b.connected.Store(true)
			ready()
		})
		b.connected.Store(false)
		if err != nil {
			slog.Warn("member restarting", "member", "broker", "err", err)
		}
		pauses.Wait()
	}
	return nil
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

// every is not services.NewTimerService, which is running, and not stopping,
// while it waits for the job under way.
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

func serve(name string, server *http.Server) *module {
	failed := make(chan error, 1)
	return newModule(name,
		func(context.Context) error {
			listener, err := net.Listen("tcp", server.Addr)
			if err != nil {
				return err
			}
			go func() { failed <- server.Serve(listener) }()
			return nil
		},
		func(ctx context.Context) error {
			select {
			case err := <-failed:
				return err
			case <-ctx.Done():
				return nil
			}
		},
		func(error) error { return server.Shutdown(context.Background()) },
	)
}
