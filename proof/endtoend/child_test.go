//go:build unix

package endtoend

import (
	"bufio"
	"bytes"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// patience is for what must happen, however slow the machine: only a failing
// test ever waits that long.
const patience = 3 * time.Minute

// role is the variable that makes the test binary one of the processes that
// are tested.
const role = "ENDTOEND_ROLE"

func TestMain(m *testing.M) {
	switch os.Getenv(role) {
	case "program":
		os.Exit(program(os.Args[1:]))
	case "command":
		commandProcess()
	default:
		os.Exit(m.Run())
	}
}

// A child is the program as a process of its own.
type child struct {
	t       *testing.T
	cmd     *exec.Cmd
	lines   chan string // of its output
	events  []string    // that were read
	details map[string]string
	stderr  bytes.Buffer
	exited  chan struct{}
}

// launch starts the program, and leaves everything else to the test.
func launch(t *testing.T, args ...string) *child {
	t.Helper()
	c := &child{t: t, lines: make(chan string), details: map[string]string{}, exited: make(chan struct{})}
	c.cmd = exec.Command(os.Args[0], args...)
	// By default, the race detector sleeps for a second before each exit.
	c.cmd.Env = append(os.Environ(), role+"=program", "GORACE=atexit_sleep_ms=0", "GOTRACEBACK=single")
	c.cmd.Stderr = &c.stderr
	stdout, err := c.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		for scanner := bufio.NewScanner(stdout); scanner.Scan(); {
			c.lines <- scanner.Text()
		}
		close(c.lines)
		// The command has the same stderr, so this waits for its end too.
		c.cmd.Wait()
		close(c.exited)
	}()
	t.Cleanup(c.clean)
	return c
}

// start starts the program, waits until it is ready, and has it run a job.
func start(t *testing.T, args ...string) *child {
	t.Helper()
	c := launch(t, args...)
	c.await("program ready")
	c.post("/job")
	c.await("job ready")
	return c
}

func (c *child) clean() {
	c.cmd.Process.Kill()
	for line := range c.lines {
		c.take(line)
	}
	<-c.exited
	if c.t.Failed() {
		c.t.Logf("%v\n%s\n%s\n%v", c.cmd.Args, strings.Join(c.events, "\n"), &c.stderr, c.cmd.ProcessState)
	}
}

func (c *child) take(line string) {
	event, detail, _ := strings.Cut(line, ": ")
	c.events = append(c.events, event)
	c.details[event] = detail
}

// await reads on until the event has come, and returns its detail.
func (c *child) await(event string) string {
	c.t.Helper()
	deadline := time.After(patience)
	for !slices.Contains(c.events, event) {
		select {
		case line, open := <-c.lines:
			if !open {
				c.t.Fatalf("the program ended without %q", event)
			}
			c.take(line)
		case <-deadline:
			c.t.Fatalf("the program did not come to %q", event)
		}
	}
	return c.details[event]
}

func (c *child) signal(signal syscall.Signal) {
	c.t.Helper()
	if err := c.cmd.Process.Signal(signal); err != nil {
		c.t.Fatal(err)
	}
}
