//go:build unix

package endtoend

import (
	"context"
	"io"
	"net"
	"net/http"
	"os"

	"github.com/seed-3b777528/grouper"
)

// server lets its requests finish when it is signaled, until a second signal.
func server(address string, handler func(part) http.Handler) runFunc {
	return func(p part, signals <-chan os.Signal, ready chan<- struct{}) error {
		listener, err := net.Listen("tcp", address)
		if err != nil {
			return err
		}
		server := &http.Server{Handler: handler(p)}
		served := make(chan error, 1)
		go func() { served <- server.Serve(listener) }()
		p.beReady(ready, listener.Addr())

		select {
		case err := <-served:
			return err
		case signal := <-signals:
			p.got(signal)
			return p.shutDown(server, signals)
		}
	}
}

func (p part) shutDown(server *http.Server, signals <-chan os.Signal) error {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	done := make(chan error, 1)
	go func() { done <- server.Shutdown(ctx) }()
	select {
	case err := <-done:
		return err
	case signal := <-signals:
		p.got(signal)
		return server.Close()
	}
}

func healthHandler(part) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "healthy") })
}

func (c config) apiHandler(jobs grouper.DynamicClient) func(part) http.Handler {
	return func(p part) http.Handler {
		mux := http.NewServeMux()
		mux.HandleFunc("POST /job", func(w http.ResponseWriter, _ *http.Request) {
			select {
			case jobs.Inserter() <- c.member("job", untilSignaled):
				io.WriteString(w, "inserted")
			case <-jobs.CloseNotifier():
				http.Error(w, "closed", http.StatusServiceUnavailable)
			}
		})
		mux.HandleFunc("POST /upload", func(w http.ResponseWriter, r *http.Request) {
			p.say("reads")
			if body, err := io.ReadAll(r.Body); err == nil {
				w.Write(body)
			}
		})
		return mux
	}
}
