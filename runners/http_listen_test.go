package runners_test

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"syscall"
	"testing"

	"github.com/seed-3b777528/grouper"
	"github.com/seed-3b777528/grouper/runners"
)

// R1, R3: if listening fails it exits with that error, and that was its run.
func TestHTTPCannotListen(t *testing.T) {
	listener := listen(t)
	defer listener.Close()
	server := runners.HTTP(&http.Server{Addr: listener.Addr().String()}, nil)
	r := start(t, server)
	if err := <-r.exit; !errors.Is(err, syscall.EADDRINUSE) {
		t.Errorf("exited with %v", err)
	}
	if isClosed(r.ready) {
		t.Error("it was ready")
	}
	r = start(t, server)
	if err := <-r.exit; !errors.Is(err, grouper.ErrRunTwice) {
		t.Errorf("the second run exited with %v", err)
	}
}

// R1: a server whose configuration has certificates, however it has them,
// serves TLS.
func TestHTTPServesTLS(t *testing.T) {
	donor := httptest.NewTLSServer(nil)
	defer donor.Close()
	certificates := donor.TLS.Certificates
	for name, config := range map[string]*tls.Config{
		"certificates":   {Certificates: certificates},
		"GetCertificate": {GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return &certificates[0], nil }},
		"GetConfigForClient": {GetConfigForClient: func(*tls.ClientHelloInfo) (*tls.Config, error) {
			return &tls.Config{Certificates: certificates}, nil
		}},
	} {
		t.Run(name, func(t *testing.T) {
			listener := listen(t)
			server := &http.Server{TLSConfig: config, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				fmt.Fprint(w, "TLS: ", r.TLS != nil)
			})}
			r := start(t, runners.HTTP(server, listener))
			<-r.ready
			response, err := donor.Client().Get("https://" + listener.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			text, err := io.ReadAll(response.Body)
			response.Body.Close()
			if string(text) != "TLS: true" || err != nil {
				t.Errorf("got %q, %v", text, err)
			}
			r.signals <- term
			r.exits(nil)
		})
	}
}

// R1: without an address it listens where net/http does. These ports are not
// ours, or are taken: the error says which one it was.
func TestHTTPListensOnTheDefaults(t *testing.T) {
	withTLS := &tls.Config{Certificates: make([]tls.Certificate, 1)}
	for port, server := range map[int]*http.Server{80: {}, 443: {TLSConfig: withTLS}} {
		if listener, err := net.Listen("tcp", fmt.Sprintf(":%d", port)); err == nil {
			defer listener.Close()
		}
		r := start(t, runners.HTTP(server, nil))
		select {
		case err := <-r.exit:
			var failed *net.OpError
			if !errors.As(err, &failed) || failed.Op != "listen" || failed.Addr.(*net.TCPAddr).Port != port {
				t.Errorf("exited with %v, want port %d", err, port)
			}
		case <-r.ready: // whoever had it has left it in between
			r.signals <- os.Kill
			r.exits(nil)
		}
	}
}

// R2: a signal ends the search for the address to listen on, and that is no
// error.
func TestHTTPIsSignaledWhileItLooksForItsAddress(t *testing.T) {
	asked := make(chan struct{}, 10)
	resolver := net.DefaultResolver
	defer func() { net.DefaultResolver = resolver }()
	net.DefaultResolver = &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		asked <- struct{}{}
		<-ctx.Done()
		return nil, ctx.Err()
	}}
	r := start(t, runners.HTTP(&http.Server{Addr: "api.invalid.:http"}, nil))
	<-asked
	r.signals <- term
	r.exits(nil)
	if isClosed(r.ready) {
		t.Error("it was ready")
	}
}
