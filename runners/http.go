package runners

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"sync/atomic"

	"github.com/seed-3b777528/grouper"
	"github.com/tedsuo/ifrit"
)

// HTTP returns a runner for a server. It listens, is ready, and serves. Without
// a listener it listens on server.Addr, or if that is empty on ":http", or
// ":https" with TLS. It closes the listener when it exits, even one that it
// got. It serves TLS if server.TLSConfig can provide certificates.
//
// The first signal begins [http.Server.Shutdown], without a time limit, so that
// requests in progress can finish. A second signal, or os.Kill, begins
// [http.Server.Close], which cuts requests off; Run does not wait for their
// handlers. As with Shutdown, hijacked connections such as WebSockets are
// neither closed nor waited for.
//
// Run blocks until serving has ended and the port is free. It returns the error
// of listening, nil after a signal, and otherwise the error of serving, which
// is [http.ErrServerClosed] if someone else has shut the server down. If
// serving fails by itself, open connections are closed.
//
// If server.BaseContext is nil, HTTP sets it when it runs, so that the contexts
// of requests carry the profiler label and the trace task of the member, for
// [runtime/pprof.Do] and [runtime/trace.WithRegion] in handlers. A signal does
// not cancel these contexts.
//
// A server serves once, and so does the runner, even if listening failed: a
// second run, at the same time or later, returns an error in which [errors.Is]
// finds [grouper.ErrRunTwice], and disturbs nothing. With a nil server, Run
// returns [grouper.ErrNilRunner].
func HTTP(server *http.Server, listener net.Listener) ifrit.Runner {
	if server == nil {
		return grouper.ContextFunc(nil)
	}
	h := &httpServer{server: server, listener: listener}
	return grouper.ContextFunc(h.run)
}

type httpServer struct {
	server   *http.Server
	listener net.Listener // nil: to be made
	began    atomic.Bool
}

func (h *httpServer) run(ctx context.Context, ready func()) error {
	if h.began.Swap(true) {
		return fmt.Errorf("runners: HTTP server: %w", grouper.ErrRunTwice)
	}
	listener, err := h.listen(ctx)
	if ctx.Err() != nil && errors.Is(err, context.Canceled) {
		return nil // the signal interrupted it
	}
	if err != nil {
		return err
	}
	listener = &closedOnce{Listener: listener}
	defer listener.Close() // ServeTLS does not, if it fails before it serves

	if h.server.BaseContext == nil {
		base := context.WithoutCancel(ctx)
		h.server.BaseContext = func(net.Listener) context.Context { return base }
	}
	shutdown, cut := context.WithCancel(context.Background())
	defer cut()
	return Server{
		Serve: func() error { return h.serve(listener) },
		Stop:  func() { h.server.Shutdown(shutdown) },
		Kill: func() {
			cut() // Shutdown would poll on until the handlers have returned
			h.server.Close()
		},
	}.run(ctx, ready)
}

func (h *httpServer) listen(ctx context.Context) (net.Listener, error) {
	if h.listener != nil {
		return h.listener, nil
	}
	address := h.server.Addr
	switch {
	case address == "" && h.servesTLS():
		address = ":https"
	case address == "":
		address = ":http"
	}
	return new(net.ListenConfig).Listen(ctx, "tcp", address)
}

func (h *httpServer) serve(listener net.Listener) error {
	var err error
	if h.servesTLS() {
		err = h.server.ServeTLS(listener, "", "")
	} else {
		err = h.server.Serve(listener)
	}
	if !errors.Is(err, http.ErrServerClosed) {
		h.server.Close() // nobody would end its connections
	}
	return err
}

// servesTLS reports whether ServeTLS finds certificates without files.
func (h *httpServer) servesTLS() bool {
	config := h.server.TLSConfig
	return config != nil &&
		(len(config.Certificates) > 0 || config.GetCertificate != nil || config.GetConfigForClient != nil)
}

// A closedOnce is a listener that may not bear to be closed again.
type closedOnce struct {
	net.Listener
	once sync.Once
	err  error
}

func (l *closedOnce) Close() error {
	l.once.Do(func() { l.err = l.Listener.Close() })
	return l.err
}
