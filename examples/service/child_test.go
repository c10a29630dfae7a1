//go:build unix

package main

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// patience is for what has to happen, however slow the machine: only a test
// that fails ever waits for so long.
const patience = 2 * time.Minute

var serviceBinary string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "service-test-")
	if err != nil {
		panic(err)
	}
	serviceBinary = filepath.Join(dir, "service")
	build := exec.Command("go", "build", "-o", serviceBinary, fmt.Sprintf("-race=%t", isRaceBuild()), ".")
	if out, err := build.CombinedOutput(); err != nil {
		panic(fmt.Sprintf("%v\n%s", err, out))
	}
	code := m.Run()
	os.RemoveAll(dir)
	os.Exit(code)
}

func isRaceBuild() bool {
	info, _ := debug.ReadBuildInfo()
	for _, setting := range info.Settings {
		if setting.Key == "-race" {
			return setting.Value == "true"
		}
	}
	return false
}

// A child is the service as a process of its own.
type child struct {
	t           *testing.T
	process     *os.Process
	api, health string
	log         *lockedBuffer
	exited      chan struct{}
	state       *os.ProcessState
}

// start starts the service on a store, and waits until it is ready.
func start(t *testing.T, db string, args ...string) *child {
	t.Helper()
	return startIn(t, nil, append([]string{"-db", db}, args...)...)
}

func startIn(t *testing.T, environ []string, args ...string) *child {
	t.Helper()
	for {
		api, health := freeAddress(t), freeAddress(t)
		c := launch(t, environ, append([]string{"-api", api, "-health", health}, args...)...)
		c.api, c.health = api, health
		c.eventually("be ready, or exit", func() bool {
			return c.logged("member entered member=readiness") || c.hasExited()
		})
		if !c.hasExited() {
			return c
		}
		// Somebody else may have got a port between its choice and its use.
		if !c.logged("address already in use") {
			t.Fatalf("the service did not start: %v", c.state)
		}
	}
}

// launch starts the service, and leaves it to the test what comes of it.
func launch(t *testing.T, environ []string, args ...string) *child {
	t.Helper()
	c := &child{t: t, log: new(lockedBuffer), exited: make(chan struct{})}
	cmd := exec.Command(serviceBinary, args...)
	cmd.Stdout, cmd.Stderr = c.log, c.log
	// The race detector sleeps for a second before each exit, unless it is told not to.
	cmd.Env = append(append(os.Environ(), "GORACE=atexit_sleep_ms=0"), environ...)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	c.process = cmd.Process
	go func() {
		cmd.Wait()
		c.state = cmd.ProcessState
		close(c.exited)
	}()
	t.Cleanup(func() {
		c.process.Kill()
		<-c.exited
		if c.logged("DATA RACE") {
			t.Error("the service has a data race")
		}
		if t.Failed() {
			t.Logf("%v wrote:\n%s", cmd, c.log)
		}
	})
	return c
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

func (c *child) eventually(what string, holds func() bool) {
	c.t.Helper()
	for began := time.Now(); !holds(); time.Sleep(5 * time.Millisecond) {
		if time.Since(began) > patience {
			c.t.Fatalf("the service did not %s", what)
		}
	}
}

func (c *child) logged(text string) bool { return strings.Contains(c.log.String(), text) }

func (c *child) failedWith(member, reason string) bool {
	for line := range strings.Lines(c.log.String()) {
		if strings.Contains(line, "service failed member="+member+" ") && strings.Contains(line, reason) {
			return true
		}
	}
	return false
}

func (c *child) waitForLog(text string) {
	c.t.Helper()
	c.eventually("log "+text, func() bool {
		if !c.logged(text) && c.hasExited() {
			c.t.Fatalf("the service exited without logging %q", text)
		}
		return c.logged(text)
	})
}

func (c *child) hasExited() bool {
	select {
	case <-c.exited:
		return true
	default:
		return false
	}
}

func (c *child) signal(signal syscall.Signal) {
	c.t.Helper()
	if err := c.process.Signal(signal); err != nil {
		c.t.Fatal(err)
	}
}

func (c *child) wantExit(code int) {
	c.t.Helper()
	c.eventually("exit", c.hasExited)
	if got := c.state.ExitCode(); got != code {
		c.t.Fatalf("the service exited with %v, want code %d", c.state, code)
	}
}

// stop ends the service with a signal, and wants it to end well.
func (c *child) stop(signal syscall.Signal) {
	c.t.Helper()
	c.signal(signal)
	c.wantExit(0)
}

type lockedBuffer struct {
	mu     sync.Mutex
	buffer bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buffer.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buffer.String()
}
