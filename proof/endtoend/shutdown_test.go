//go:build unix

package endtoend

import (
	"syscall"
	"testing"
)

// started lists the events until a job runs, of one server and of everything
// except the other server.
func started(server string) []string {
	return []string{
		"store starts", "store ready",
		"command starts", "command ready",
		"echo starts", "echo ready",
		"servers starts",
		server + " starts", server + " ready",
		"jobs starts",
		"program ready",
		"job starts", "job ready",
	}
}

func jobsStopped(signal string) []string {
	return []string{"job got " + signal, "job stopped", "jobs stopped"}
}

// beforeServers lists the events when the parts before the servers stop.
func beforeServers(signal string) []string {
	return []string{
		"echo got " + signal, "echo stopped",
		"command got " + signal, "process got " + signal, "command stopped",
		"store got " + signal, "store stopped",
	}
}

func TestSignalStopsInReverse(t *testing.T) {
	t.Parallel()
	for _, signal := range []syscall.Signal{syscall.SIGTERM, syscall.SIGINT} {
		t.Run(signal.String(), func(t *testing.T) {
			t.Parallel()
			c := start(t)
			c.wantHealthy()
			conn := c.dial("echo")
			c.wantEcho(conn)

			c.signal(signal)
			c.wantExit(0, "")
			c.wantCut(conn)
			for server, alone := range map[string]func(string) bool{"api": apiAlone, "health": healthAlone} {
				c.wantEvents(alone,
					started(server),
					jobsStopped(signal.String()),
					[]string{server + " got " + signal.String(), server + " stopped", "servers stopped"},
					beforeServers(signal.String()),
				)
			}
		})
	}
}

// An impatient second Ctrl-C cuts nothing short (O3).
func TestSecondInterruptDoesNotDisturb(t *testing.T) {
	t.Parallel()
	c := start(t)
	upload := c.upload()
	c.signal(syscall.SIGINT)
	c.await("api got interrupt")
	c.signal(syscall.SIGINT)
	c.wantAnswered(upload)
	c.wantExit(0, "")
	c.wantEvents(apiAlone,
		started("api"),
		[]string{"api reads"},
		jobsStopped("interrupt"),
		[]string{"api got interrupt", "api stopped", "servers stopped"},
		beforeServers("interrupt"),
	)
}

// SIGTERM reaches the server that is being stopped, through both its groups,
// and the parts after it get that signal (O3, P2).
func TestTerminateAfterInterrupt(t *testing.T) {
	t.Parallel()
	c := start(t)
	upload := c.upload()
	c.signal(syscall.SIGINT)
	c.await("api got interrupt")
	c.await("health stopped")
	c.signal(syscall.SIGTERM)
	c.wantExit(0, "")
	c.wantCut(upload)
	c.wantCutShort()
}

// A parallel group passes on what an ordered one drops. The witness has its
// second SIGINT when the service has it too, or will have it before SIGTERM
// (P2, O3, M2).
func TestSecondInterruptInParallelGroup(t *testing.T) {
	t.Parallel()
	c := start(t, "-witness")
	upload := c.upload()
	c.signal(syscall.SIGINT)
	c.await("witness got interrupt")
	c.await("api got interrupt")
	c.await("health stopped")
	c.signal(syscall.SIGINT)
	c.await("witness stopped")
	c.signal(syscall.SIGTERM)
	c.wantExit(0, "")
	c.wantCut(upload)
	c.wantCutShort()
	c.wantEvents(func(name string) bool { return name == "witness" },
		[]string{"witness starts", "witness ready", "witness got interrupt", "witness got interrupt", "witness stopped"},
	)
}

// wantCutShort checks that SIGINT has stopped the job, SIGINT and then SIGTERM
// the API, and SIGTERM what follows.
func (c *child) wantCutShort() {
	c.t.Helper()
	c.wantEvents(apiAlone,
		started("api"),
		[]string{"api reads"},
		jobsStopped("interrupt"),
		[]string{"api got interrupt", "api got terminated", "api stopped", "servers stopped"},
		beforeServers("terminated"),
	)
	c.wantEvents(healthAlone,
		started("health"),
		jobsStopped("interrupt"),
		[]string{"health got interrupt", "health stopped", "servers stopped"},
		beforeServers("terminated"),
	)
}
