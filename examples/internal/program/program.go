// Package program builds the examples' programs and runs them as child
// processes, for their tests.
package program

import (
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"slices"
	"testing"
	"time"
)

// Patience bounds each wait, however slow the machine: only a test that fails
// ever waits for so long.
const Patience = 3 * time.Minute

var folder string // which the programs are built into

// Main is for TestMain. It builds the programs of these packages, with the race
// detector if the tests have it, runs the tests and exits.
func Main(m *testing.M, packages string) { os.Exit(buildAndRun(m, packages)) }

func buildAndRun(m *testing.M, packages string) int {
	var err error
	if folder, err = os.MkdirTemp("", "examples"); err != nil {
		log.Print(err)
		return 1
	}
	defer os.RemoveAll(folder)
	build := exec.Command("go", "build", fmt.Sprintf("-race=%t", isRaceBuild()), "-o", folder+"/", packages)
	if output, err := build.CombinedOutput(); err != nil {
		log.Printf("%v: %v\n%s", build, err, output)
		return 1
	}
	return m.Run()
}

func isRaceBuild() bool {
	info, ok := debug.ReadBuildInfo()
	return ok && slices.Contains(info.Settings, debug.BuildSetting{Key: "-race", Value: "true"})
}

// A Child is a program that runs as a process of its own.
type Child struct {
	Stdout, Stderr *Output

	t       *testing.T
	program string
	cmd     *exec.Cmd
	exited  chan struct{} // closed when it has, and its output is complete
}

// Start starts a program, with these variables on top of the test's
// environment. The end of the test kills it.
func Start(t *testing.T, environ []string, program string, args ...string) *Child {
	t.Helper()
	return StartCommand(t, environ, exec.Command(Path(program), args...))
}

// Path returns where a program was built.
func Path(program string) string { return filepath.Join(folder, program) }

// StartCommand starts a command as Start does. Whatever else still writes to its
// output when it has exited counts as a part of it.
func StartCommand(t *testing.T, environ []string, cmd *exec.Cmd) *Child {
	t.Helper()
	c := &Child{t: t, program: filepath.Base(cmd.Path), cmd: cmd, exited: make(chan struct{})}
	c.Stdout, c.Stderr = newOutput(c), newOutput(c)
	c.cmd.Stdout, c.cmd.Stderr = c.Stdout, c.Stderr
	// Before each exit the race detector sleeps for a second by default.
	c.cmd.Env = slices.Concat(os.Environ(), []string{"GORACE=atexit_sleep_ms=0"}, environ)
	if err := c.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		c.cmd.Wait()
		close(c.exited)
	}()
	t.Cleanup(c.clean)
	return c
}

func (c *Child) clean() {
	c.cmd.Process.Kill()
	<-c.exited
	if c.Stderr.Has("DATA RACE") {
		c.t.Errorf("%s has a data race", c.program)
	}
	if c.t.Failed() {
		c.t.Logf("%v: %v\n%s\n%s", c.cmd, c.cmd.ProcessState, c.Stdout, c.Stderr)
	}
}

// Pid returns the process ID.
func (c *Child) Pid() int { return c.cmd.Process.Pid }

// Signal sends a signal to the process.
func (c *Child) Signal(signal os.Signal) {
	c.t.Helper()
	if err := c.cmd.Process.Signal(signal); err != nil {
		c.t.Fatal(err)
	}
}

// Exits blocks until the process has exited, and checks its exit code, which is
// -1 if a signal killed it.
func (c *Child) Exits(code int) {
	c.t.Helper()
	select {
	case <-c.exited:
	case <-time.After(Patience):
		c.t.Fatalf("%s did not exit", c.program)
	}
	if state := c.cmd.ProcessState; state.ExitCode() != code {
		c.t.Fatalf("%s exited with %v, want code %d", c.program, state, code)
	}
}
