package grpcserver

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"slices"
	"syscall"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/connectivity"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/status"
)

// exits waits for the exit of the server, and compares what it was.
func (s *server) exits(t *testing.T, called ...string) {
	t.Helper()
	if err := <-s.exit; err != nil {
		t.Errorf("Run returned %v", err)
	}
	if !slices.Equal(s.called, called) {
		t.Errorf("called %v, want %v", s.called, called)
	}
	if connection, err := net.Dial("tcp", s.address); err == nil {
		connection.Close()
		t.Error("it still listens")
	}
}

func wantRefused(t *testing.T, client healthpb.HealthClient) {
	t.Helper()
	if _, err := client.Check(context.Background(), &healthpb.HealthCheckRequest{}); status.Code(err) != codes.Unavailable {
		t.Errorf("a new call gets %v", err)
	}
}

// R4: the first signal lets the stream under way finish, and nobody new in.
func TestTheFirstSignalLetsAStreamFinish(t *testing.T) {
	s := newServer(t)
	s.start()
	connection, client := s.client(t)
	if _, err := client.Check(t.Context(), &healthpb.HealthCheckRequest{}); err != nil {
		t.Fatal(err)
	}
	stream := watch(t, client)

	s.signals <- syscall.SIGTERM
	<-s.listener.closed
	_, stranger := s.client(t)
	wantRefused(t, stranger)
	connection.WaitForStateChange(t.Context(), connectivity.Ready)
	wantRefused(t, client)
	select {
	case err := <-s.exit:
		t.Fatalf("Run returned %v before the stream had ended", err)
	default:
	}

	close(s.service.finish)
	if last, err := stream.Recv(); err != nil || last.Status != healthpb.HealthCheckResponse_NOT_SERVING {
		t.Errorf("the stream goes on with %v, %v", last, err)
	}
	if _, err := stream.Recv(); err != io.EOF {
		t.Errorf("the stream ends with %v", err)
	}
	s.exits(t, "stop")
}

// R4: the second signal cuts the stream off.
func TestTheSecondSignalCutsAStreamOff(t *testing.T) {
	s := newServer(t)
	s.start()
	_, client := s.client(t)
	stream := watch(t, client)
	s.signals <- syscall.SIGTERM
	<-s.listener.closed
	s.signals <- syscall.SIGTERM
	wantCutOff(t, s, stream)
	s.exits(t, "stop", "kill")
}

// R4: os.Kill as the first signal cuts it off without asking it to stop.
func TestKillCutsAStreamOff(t *testing.T) {
	s := newServer(t)
	s.start()
	_, client := s.client(t)
	stream := watch(t, client)
	s.signals <- os.Kill
	wantCutOff(t, s, stream)
	s.exits(t, "kill")
}

func wantCutOff(t *testing.T, s *server, stream grpc.ServerStreamingClient[healthpb.HealthCheckResponse]) {
	t.Helper()
	if _, err := stream.Recv(); status.Code(err) != codes.Unavailable {
		t.Errorf("the stream ends with %v", err)
	}
	<-s.service.cut
}

// R4: a signal that was there before it served stops it.
func TestAServerIsStoppedBeforeItServes(t *testing.T) {
	s := newServer(t)
	s.signals <- syscall.SIGTERM
	s.start()
	s.exits(t, "stop")
}

// R4: without a signal Run returns what Serve did.
func TestAServerThatCannotServeSaysWhy(t *testing.T) {
	s := newServer(t)
	s.listener.Close()
	s.start()
	if err := <-s.exit; !errors.Is(err, net.ErrClosed) {
		t.Errorf("Run returned %v", err)
	}
	if len(s.called) > 0 {
		t.Errorf("called %v", s.called)
	}
}
