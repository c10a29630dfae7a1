//go:build unix

package main

import (
	"net"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/seed-3b777528/grouper/examples/internal/program"
)

func TestMain(m *testing.M) { program.Main(m, ".") }

// A child is the service as a process of its own. It logs to its Stderr.
type child struct {
	*program.Child
	t          *testing.T
	api, admin string
}

// start starts the service on a store, and waits until it is ready.
func start(t *testing.T, db string, args ...string) *child {
	t.Helper()
	return startIn(t, nil, append([]string{"-db", db}, args...)...)
}

func startIn(t *testing.T, environ []string, args ...string) *child {
	t.Helper()
	for {
		api, admin := freeAddress(t), freeAddress(t)
		c := launch(t, environ, append([]string{"-api", api, "-admin", admin}, args...)...)
		c.api, c.admin = api, admin
		isReady := false
		c.Stderr.Until("become ready", func(log string) bool {
			isReady = strings.Contains(log, "service ready ")
			// Somebody else may have got a port between its choice and its use.
			return isReady || strings.Contains(log, "address already in use")
		})
		if isReady {
			return c
		}
	}
}

// launch starts the service, and leaves it to the test what comes of it.
func launch(t *testing.T, environ []string, args ...string) *child {
	t.Helper()
	return &child{Child: program.Start(t, environ, "service", args...), t: t}
}

func freeAddress(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}

// eventually asks the service again and again.
func (c *child) eventually(what string, holds func() bool) {
	c.t.Helper()
	for began := time.Now(); !holds(); time.Sleep(5 * time.Millisecond) {
		if time.Since(began) > program.Patience {
			c.t.Fatalf("the service did not %s", what)
		}
	}
}

// logs reports whether one line of the log has all these texts.
func (c *child) logs(texts ...string) bool {
	for line := range strings.Lines(c.Stderr.String()) {
		if !slices.ContainsFunc(texts, func(text string) bool { return !strings.Contains(line, text) }) {
			return true
		}
	}
	return false
}

// stop ends the service with a signal, and wants it to end well.
func (c *child) stop(signal syscall.Signal) {
	c.t.Helper()
	c.Signal(signal)
	c.Exits(0)
}
