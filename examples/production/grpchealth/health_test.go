package main

import (
	"context"
	"errors"
	"net"
	"os"
	"testing"

	"github.com/cenkalti/backoff/v5"
	"github.com/seed-3b777528/grouper"
	"github.com/seed-3b777528/grouper/runners"
	"github.com/tedsuo/ifrit"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/health/grpc_health_v1"
)

const (
	serving    = grpc_health_v1.HealthCheckResponse_SERVING
	notServing = grpc_health_v1.HealthCheckResponse_NOT_SERVING
)

// A watcher is a client that watches the health of a server.
type watcher struct {
	t     *testing.T
	watch grpc.ServerStreamingClient[grpc_health_v1.HealthCheckResponse]
	leave func()
}

func watch(t *testing.T, address string) watcher {
	t.Helper()
	conn, err := grpc.NewClient(address, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	ctx, leave := context.WithCancel(t.Context())
	stream, err := grpc_health_v1.NewHealthClient(conn).Watch(ctx, &grpc_health_v1.HealthCheckRequest{})
	if err != nil {
		t.Fatal(err)
	}
	return watcher{t, stream, leave}
}

// hears blocks until this is what the server says. Only the latest status is
// sent to who reads slowly, so there may be others before it.
func (w watcher) hears(want grpc_health_v1.HealthCheckResponse_ServingStatus) {
	w.t.Helper()
	for {
		response, err := w.watch.Recv()
		if err != nil {
			w.t.Fatalf("%v, want %v", err, want)
		}
		if response.Status == want {
			return
		}
	}
}

// A broker is a member that connects, and fails, when the test says so.
type broker struct{ connect, fail chan struct{} }

func (b broker) run(ctx context.Context, ready func()) error {
	select {
	case <-b.connect:
	case <-ctx.Done():
		return ctx.Err()
	}
	ready()
	select {
	case <-b.fail:
		return errors.New("connection lost")
	case <-ctx.Done():
		return nil
	}
}

func TestHealthFollowsTheTree(t *testing.T) {
	listener, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	b := broker{connect: make(chan struct{}, 1), fail: make(chan struct{})}
	b.connect <- struct{}{}
	process := ifrit.Invoke(newService(listener, grouper.Member{Name: "broker", Runner: runners.Restart(
		grouper.ContextFunc(b.run),
		runners.Policy{Backoff: func() backoff.BackOff { return new(backoff.ZeroBackOff) }},
	)}))
	w := watch(t, listener.Addr().String())
	w.hears(serving)
	b.fail <- struct{}{}
	w.hears(notServing)
	b.connect <- struct{}{}
	w.hears(serving)

	process.Signal(os.Interrupt)
	w.hears(notServing)
	select {
	case err := <-process.Wait():
		t.Errorf("the stop did not wait for a stream that is watched: %v", err)
	default:
	}
	w.leave()
	if err := <-process.Wait(); err != nil {
		t.Error(err)
	}
}

// Who watches for ever holds the graceful stop up, until it is forced.
func TestKillCutsOffWhoWatches(t *testing.T) {
	listener, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	process := ifrit.Invoke(newService(listener))
	w := watch(t, listener.Addr().String())
	w.hears(serving)
	process.Signal(os.Interrupt)
	w.hears(notServing)
	process.Signal(os.Kill)
	if err := <-process.Wait(); err != nil {
		t.Error(err)
	}
}
