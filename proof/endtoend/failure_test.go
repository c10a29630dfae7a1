//go:build unix

package endtoend

import (
	"net"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

const head = "Exit trace for group:\n"

func TestMemberFailsAtStart(t *testing.T) {
	t.Parallel()
	upToServers := started("api")[:9]
	for name, test := range map[string]struct {
		events [][]string // without those of health
		stderr string
	}{
		"store": {
			[][]string{{"store starts", "store failed"}},
			head + "store exited with error: broken\n",
		},
		"echo": {
			[][]string{
				upToServers[:4],
				{"echo starts", "echo failed"},
				beforeServers("interrupt")[2:],
			},
			head + "echo exited with error: broken\ncommand exited with nil\nstore exited with nil\n",
		},
		"jobs": {
			[][]string{
				upToServers,
				{"jobs starts", "jobs failed"},
				{"api got interrupt", "api stopped", "servers stopped"},
				beforeServers("interrupt"),
			},
			head + "jobs exited with error: broken\nservers exited with nil\n" +
				"echo exited with nil\ncommand exited with nil\nstore exited with nil\n",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := launch(t, "-fails", name)
			c.wantExit(1, test.stderr)
			c.wantEvents(apiAlone, test.events...)
		})
	}
}

// The server beside the failed one gets the termination signal of its own
// group, and the parts before get the one of the service.
func TestPortInUse(t *testing.T) {
	t.Parallel()
	for failed, other := range map[string]string{"api": "health", "health": "api"} {
		t.Run(failed, func(t *testing.T) {
			t.Parallel()
			address := occupied(t)
			c := launch(t, "-"+failed, address)
			c.wantExit(1, head+"servers exited with error: "+head+
				failed+" exited with error: listen tcp "+address+": bind: address already in use\n"+
				other+" exited with nil\n\n"+
				"echo exited with nil\ncommand exited with nil\nstore exited with nil\n")
			if c.await("program failed") != "EADDRINUSE" {
				t.Error("errors.Is does not see EADDRINUSE")
			}
			last := append([]string{"servers failed"}, beforeServers("interrupt")...)
			last = append(last, "program failed")
			c.wantEvents(without(other),
				started("api")[:7], []string{failed + " starts", failed + " failed"}, last)
			c.wantEvents(without(failed),
				started(other)[:9], []string{other + " got terminated", other + " stopped"}, last)
		})
	}
	t.Run("echo", func(t *testing.T) {
		t.Parallel()
		address := occupied(t)
		c := launch(t, "-echo", address)
		c.wantExit(1, head+"echo exited with error: listen tcp "+address+": bind: address already in use\n"+
			"command exited with nil\nstore exited with nil\n")
		c.wantEvents(without(), started("api")[:4], []string{"echo starts", "echo failed"},
			beforeServers("interrupt")[2:], []string{"program failed"})
	})
}

// occupied returns an address that is in use until the test is over.
func occupied(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	return listener.Addr().String()
}

// A panic ends the program at once, with the stack of the member on top (G8).
func TestPanic(t *testing.T) {
	t.Parallel()
	for name, begin := range map[string]func(c *child){
		"echo": func(*child) {},
		"job": func(c *child) {
			c.await("program ready")
			c.request("POST /job HTTP/1.1", "Content-Length: 0")
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := launch(t, "-panics", name)
			begin(c)
			c.awaitExit() // of the command too, which the program leaves behind
			c.wantPortsFree()
			if code := c.cmd.ProcessState.ExitCode(); code != 2 {
				t.Errorf("the program exited with %v, want code 2", c.cmd.ProcessState)
			}
			message, rest, _ := strings.Cut(c.stderr.String(), "\n\n")
			stack, _, _ := strings.Cut(rest, "\n\n")
			if message != "panic: "+name+" is broken" {
				t.Errorf("the message is %q", message)
			}
			if !strings.HasPrefix(stack, "goroutine ") || !strings.Contains(stack, "endtoend.panics(") {
				t.Errorf("the stack is not the member's:\n%s", stack)
			}
			if last := c.events[len(c.events)-1]; last != name+" starts" {
				t.Errorf("there was %q after the panic", last)
			}
		})
	}
}

func TestCommandIsKilled(t *testing.T) {
	t.Parallel()
	c := start(t)
	pid, err := strconv.Atoi(c.await("command ready"))
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	c.wantExit(1, head+"command exited with error: signal: killed\njobs exited with nil\n"+
		"servers exited with nil\necho exited with nil\nstore exited with nil\n")
	c.wantEvents(apiAlone,
		started("api"),
		[]string{"command failed"},
		jobsStopped("interrupt"),
		[]string{"api got interrupt", "api stopped", "servers stopped"},
		slices.Delete(beforeServers("interrupt"), 2, 5),
	)
}
