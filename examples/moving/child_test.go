//go:build unix

package moving

import (
	"bufio"
	"bytes"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// patience is for what has to happen, however slow the machine: only a test
// that fails ever waits for so long.
const patience = 3 * time.Minute

var programs string // the folder that they are built into

func TestMain(m *testing.M) { os.Exit(buildAndRun(m)) }

func buildAndRun(m *testing.M) int {
	var err error
	if programs, err = os.MkdirTemp("", "moving"); err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(programs)
	build := []string{"build", "-o", programs + "/"}
	if info, ok := debug.ReadBuildInfo(); ok && slices.Contains(info.Settings, debug.BuildSetting{Key: "-race", Value: "true"}) {
		build = append(build, "-race")
	}
	if output, err := exec.Command("go", append(build, "./...")...).CombinedOutput(); err != nil {
		log.Printf("go build: %v\n%s", err, output)
		return 1
	}
	return m.Run()
}

// A child is one of the programs as a process of its own.
type child struct {
	t        *testing.T
	program  string
	cmd      *exec.Cmd
	lines    chan string // of its output
	seen     []string    // those that were read
	stderr   bytes.Buffer
	exited   chan struct{}
	database *database
}

// launch starts a program. Its database says nothing yet.
func launch(t *testing.T, program string) *child {
	t.Helper()
	c := &child{t: t, program: program, lines: make(chan string), exited: make(chan struct{}), database: newDatabase(t)}
	c.cmd = exec.Command(filepath.Join(programs, program),
		"-database", c.database.address(), "-api", "localhost:0", "-health", "localhost:0")
	// The race detector sleeps for a second before each exit, unless it is told not to.
	c.cmd.Env = append(os.Environ(), "GORACE=atexit_sleep_ms=0")
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
		c.cmd.Wait()
		close(c.exited)
	}()
	t.Cleanup(func() {
		c.cmd.Process.Kill()
		c.finish()
		if t.Failed() {
			t.Logf("%s, %v\n%s\n%s", program, c.cmd.ProcessState, strings.Join(c.seen, "\n"), &c.stderr)
		}
	})
	return c
}

// await reads on until there was a line that begins like this, and gives the rest.
func (c *child) await(beginning string) string {
	c.t.Helper()
	return c.awaits(1, beginning)
}

// awaits reads on until there were that many of these lines.
func (c *child) awaits(many int, beginning string) string {
	c.t.Helper()
	guard := time.After(patience)
	for {
		left := many
		for _, line := range c.seen {
			if rest, ok := strings.CutPrefix(line, beginning); ok {
				if left--; left == 0 {
					return strings.TrimPrefix(rest, ": ")
				}
			}
		}
		select {
		case line, ok := <-c.lines:
			if !ok {
				c.t.Fatalf("exited without %q", beginning)
			}
			c.seen = append(c.seen, line)
		case <-guard:
			c.t.Fatalf("no %q", beginning)
		}
	}
}

// up waits until both servers are.
func (c *child) up() {
	c.t.Helper()
	c.await("api is up")
	c.await("health is up")
}

func (c *child) terminate() {
	c.t.Helper()
	if err := c.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		c.t.Fatal(err)
	}
}

// finish reads all that is left, and gives how the program has ended.
func (c *child) finish() *os.ProcessState {
	c.t.Helper()
	guard := time.After(patience)
	for {
		select {
		case line, ok := <-c.lines:
			if !ok {
				<-c.exited
				return c.cmd.ProcessState
			}
			c.seen = append(c.seen, line)
		case <-guard:
			c.t.Fatal("did not exit")
		}
	}
}

func (c *child) exits(code int) {
	c.t.Helper()
	if state := c.finish(); state.ExitCode() != code {
		c.t.Errorf("%v, not exit status %d", state, code)
	}
}

// order checks that the lines came in this order.
func (c *child) order(beginnings ...string) {
	c.t.Helper()
	before := -1
	for _, beginning := range beginnings {
		at := slices.IndexFunc(c.seen, func(line string) bool { return strings.HasPrefix(line, beginning) })
		if at <= before {
			c.t.Errorf("%q is not where it should be among %q:\n%s", beginning, beginnings, strings.Join(c.seen, "\n"))
		}
		before = max(at, before)
	}
}

func (c *child) never(beginning string) {
	c.t.Helper()
	if slices.ContainsFunc(c.seen, func(line string) bool { return strings.HasPrefix(line, beginning) }) {
		c.t.Errorf("there was %q", beginning)
	}
}
