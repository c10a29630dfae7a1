//go:build unix

package endtoend

import (
	"errors"
	"net"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// wantExit reads on until the program and its command have exited.
func (c *child) wantExit(code int, stderr string) {
	c.t.Helper()
	c.awaitExit()
	if got := c.cmd.ProcessState.ExitCode(); got != code {
		c.t.Errorf("the program exited with %v, want code %d", c.cmd.ProcessState, code)
	}
	if got := c.stderr.String(); got != stderr {
		c.t.Errorf("stderr is\n%s\nwant\n%s", got, stderr)
	}
	c.wantPortsFree()
	c.wantCommandGone()
}

func (c *child) awaitExit() {
	c.t.Helper()
	deadline := time.After(patience)
	for lines := c.lines; ; {
		select {
		case line, open := <-lines:
			if open {
				c.take(line)
			} else {
				lines = nil
			}
		case <-c.exited:
			return
		case <-deadline:
			c.t.Fatal("the program or its command did not exit")
		}
	}
}

// wantPortsFree checks that the ports of all listeners are free again.
func (c *child) wantPortsFree() {
	c.t.Helper()
	exit := time.Now()
	for _, name := range []string{"echo", "api", "health"} {
		if address, wasReady := c.details[name+" ready"]; wasReady {
			c.wantFree(address)
			c.t.Logf("%s was bound again %v after the exit was seen", name, time.Since(exit))
		}
	}
}

// wantCommandGone checks that not even a zombie of the command is left, if it
// was started: the program has waited for it.
func (c *child) wantCommandGone() {
	c.t.Helper()
	pid, err := strconv.Atoi(c.details["command ready"])
	if err == nil && syscall.Kill(pid, 0) != syscall.ESRCH {
		c.t.Errorf("the command's process %d is still there", pid)
	}
}

// wantFree tries again if the port is in use: another process may have got it
// meanwhile.
func (c *child) wantFree(address string) {
	c.t.Helper()
	for began := time.Now(); ; time.Sleep(5 * time.Millisecond) {
		listener, err := net.Listen("tcp", address)
		if err == nil {
			listener.Close()
			return
		}
		if !errors.Is(err, syscall.EADDRINUSE) || time.Since(began) > patience {
			c.t.Fatal(err)
		}
	}
}

// apiAlone and healthAlone are the events of one server and of everything except
// the other server, which is in no order with it.
var (
	apiAlone    = without("health", "witness")
	healthAlone = without("api", "witness")
)

func without(names ...string) func(name string) bool {
	return func(name string) bool { return !slices.Contains(names, name) }
}

// wantEvents checks for exactly these events of these parts, in this order.
func (c *child) wantEvents(lookedAt func(name string) bool, want ...[]string) {
	c.t.Helper()
	var got []string
	for _, event := range c.events {
		if name, _, _ := strings.Cut(event, " "); lookedAt(name) {
			got = append(got, event)
		}
	}
	if want := slices.Concat(want...); !slices.Equal(got, want) {
		c.t.Errorf("there was\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
