package parts

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
)

// A Server is the API or the health check.
type Server struct {
	name    string
	address string
	handler http.HandlerFunc

	mu     sync.Mutex // guards what follows, and is held until Close is done
	server *http.Server
	exit   chan error
}

func (s *Server) Open(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if ctx.Err() != nil {
		return ctx.Err()
	}
	listener, err := net.Listen("tcp", s.address)
	if err != nil {
		return err
	}
	server, exit := &http.Server{Handler: s.handler}, make(chan error, 1)
	s.server, s.exit = server, exit
	go func() { exit <- server.Serve(listener) }()
	fmt.Println(s.name, "is up:", listener.Addr())
	return nil
}

func (s *Server) Wait(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return nil
	case err := <-s.exit:
		if errors.Is(err, http.ErrServerClosed) {
			return nil
		}
		return err
	}
}

// Close waits for the requests that are under way.
func (s *Server) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.server == nil {
		return
	}
	fmt.Println(s.name, "stops")
	s.server.Shutdown(context.Background())
	s.server = nil
	fmt.Println(s.name, "has stopped")
}
