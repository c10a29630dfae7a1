package runners_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"syscall"
	"testing"

	"github.com/seed-3b777528/grouper"
	"github.com/seed-3b777528/grouper/groupertest"
	"github.com/seed-3b777528/grouper/runners"
)

func listen(t *testing.T) net.Listener {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return listener
}

func get(t *testing.T, address string) string {
	t.Helper()
	response, err := http.Get("http://" + address)
	if err != nil {
		return err.Error()
	}
	defer response.Body.Close()
	text, _ := io.ReadAll(response.Body)
	return string(text)
}

// R1, R2: it serves when it is ready; a request under way ends after the first
// signal, and then the port is free.
func TestHTTPShutsDown(t *testing.T) {
	entered, leave, answered := make(chan struct{}), make(chan struct{}), make(chan string)
	listener := listen(t)
	address := listener.Addr().String()
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		close(entered)
		<-leave
		fmt.Fprint(w, "served")
	})}
	r := start(t, runners.HTTP(server, listener))
	<-r.ready
	go func() { answered <- get(t, address) }()
	<-entered
	r.signals <- syscall.SIGTERM
	close(leave)
	if text := <-answered; text != "served" {
		t.Errorf("the request under way got %q", text)
	}
	r.exits(nil)
	again, err := net.Listen("tcp", address)
	if err != nil {
		t.Fatalf("the port is not free: %v", err)
	}
	again.Close()
}

// R2: os.Kill, or a second signal, cuts requests off, and waits for no handler.
func TestHTTPCutsOff(t *testing.T) {
	for name, signals := range map[string][]os.Signal{
		"os.Kill": {os.Kill}, "a second signal": {syscall.SIGTERM, syscall.SIGTERM},
	} {
		t.Run(name, func(t *testing.T) {
			entered, leave, answered := make(chan struct{}), make(chan struct{}), make(chan string)
			defer close(leave)
			listener := listen(t)
			server := &http.Server{Handler: http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
				close(entered)
				<-leave
			})}
			r := start(t, runners.HTTP(server, listener))
			<-r.ready
			go func() { answered <- get(t, listener.Addr().String()) }()
			<-entered
			for _, signal := range signals {
				r.signals <- signal
			}
			r.exits(nil)
			<-answered
		})
	}
}

// R3: a second run at the same time disturbs nothing.
func TestHTTPRunTwice(t *testing.T) {
	listener := listen(t)
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "served") })}
	runner := runners.HTTP(server, listener)
	first := start(t, runner)
	<-first.ready
	if err := <-start(t, runner).exit; !errors.Is(err, grouper.ErrRunTwice) {
		t.Errorf("the second run exited with %v", err)
	}
	if text := get(t, listener.Addr().String()); text != "served" {
		t.Errorf("got %q", text)
	}
	first.signals <- os.Interrupt
	first.exits(nil)
	if err := <-start(t, runners.HTTP(nil, nil)).exit; !errors.Is(err, grouper.ErrNilRunner) {
		t.Errorf("no server exits with %v", err)
	}
}

// R2: when serving fails by itself, that is the error, and nobody is left
// connected.
func TestHTTPFailsToServe(t *testing.T) {
	listener := listen(t)
	r := start(t, runners.HTTP(&http.Server{Handler: http.NotFoundHandler()}, listener))
	<-r.ready
	connection, err := net.Dial("tcp", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer connection.Close()
	fmt.Fprint(connection, "GET / HTTP/1.1\r\nHost: api\r\n\r\n")
	answers := bufio.NewReader(connection)
	response, err := http.ReadResponse(answers, nil)
	if err != nil {
		t.Fatal(err)
	}
	io.Copy(io.Discard, response.Body)
	listener.Close()
	if err := <-r.exit; !errors.Is(err, net.ErrClosed) {
		t.Errorf("exited with %v", err)
	}
	if _, err := answers.ReadByte(); err == nil || errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("the connection goes on: %v", err)
	}
}

// A fragile listener counts how often it is closed.
type fragile struct {
	net.Listener
	closed int
}

func (f *fragile) Close() error {
	f.closed++
	return f.Listener.Close()
}

// R2: as package net/http, it closes the listener once.
func TestHTTPClosesItsListenerOnce(t *testing.T) {
	listener := &fragile{Listener: listen(t)}
	server := groupertest.Start(t, runners.HTTP(new(http.Server), listener))
	server.Signal(os.Interrupt)
	<-server.Wait()
	if listener.closed != 1 {
		t.Errorf("it closed the listener %d times", listener.closed)
	}
}
