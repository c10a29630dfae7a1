package grpcserver

import (
	"context"
	"net"
	"os"
	"sync"
	"testing"

	"github.com/seed-3b777528/grouper/runners"
	"go.uber.org/goleak"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// A server is one run of a runners.Server around a grpc.Server.
type server struct {
	address  string
	listener *listener
	service  *service
	runner   runners.Server
	signals  chan os.Signal
	ready    chan struct{}
	exit     chan error

	mu     sync.Mutex
	called []string
}

func newServer(t *testing.T) *server {
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &server{
		address:  inner.Addr().String(),
		listener: &listener{Listener: inner, closed: make(chan struct{})},
		service:  &service{finish: make(chan struct{}), cut: make(chan struct{})},
		signals:  make(chan os.Signal, 2),
		ready:    make(chan struct{}),
		exit:     make(chan error, 1),
	}
	server := grpc.NewServer()
	healthpb.RegisterHealthServer(server, s.service)
	s.runner = runners.Server{
		Serve: func() error { return server.Serve(s.listener) },
		Stop:  s.calls("stop", server.GracefulStop),
		Kill:  s.calls("kill", server.Stop),
	}
	return s
}

func (s *server) start() {
	go func() { s.exit <- s.runner.Run(s.signals, s.ready) }()
	<-s.ready
}

func (s *server) calls(name string, f func()) func() {
	return func() {
		s.mu.Lock()
		s.called = append(s.called, name)
		s.mu.Unlock()
		f()
	}
}

// client returns a client with a connection of its own.
func (s *server) client(t *testing.T) (*grpc.ClientConn, healthpb.HealthClient) {
	t.Helper()
	connection, err := grpc.NewClient("passthrough:"+s.address, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { connection.Close() })
	return connection, healthpb.NewHealthClient(connection)
}

// watch returns a stream that is under way.
func watch(t *testing.T, client healthpb.HealthClient) grpc.ServerStreamingClient[healthpb.HealthCheckResponse] {
	t.Helper()
	stream, err := client.Watch(context.Background(), &healthpb.HealthCheckRequest{})
	if err != nil {
		t.Fatal(err)
	}
	if first, err := stream.Recv(); err != nil || first.Status != healthpb.HealthCheckResponse_SERVING {
		t.Fatalf("the stream begins with %v, %v", first, err)
	}
	return stream
}

// A service has streams that end when the test says so.
type service struct {
	healthpb.UnimplementedHealthServer
	finish chan struct{}
	cut    chan struct{} // closed when a stream was cut off
}

func (s *service) Check(context.Context, *healthpb.HealthCheckRequest) (*healthpb.HealthCheckResponse, error) {
	return &healthpb.HealthCheckResponse{Status: healthpb.HealthCheckResponse_SERVING}, nil
}

func (s *service) Watch(_ *healthpb.HealthCheckRequest, stream grpc.ServerStreamingServer[healthpb.HealthCheckResponse]) error {
	if err := stream.Send(&healthpb.HealthCheckResponse{Status: healthpb.HealthCheckResponse_SERVING}); err != nil {
		return err
	}
	select {
	case <-s.finish:
		return stream.Send(&healthpb.HealthCheckResponse{Status: healthpb.HealthCheckResponse_NOT_SERVING})
	case <-stream.Context().Done():
		close(s.cut)
		return stream.Context().Err()
	}
}

// A listener says when it was closed: nobody new is let in from then on.
type listener struct {
	net.Listener
	once   sync.Once
	closed chan struct{}
}

func (l *listener) Close() error {
	err := l.Listener.Close()
	l.once.Do(func() { close(l.closed) })
	return err
}
