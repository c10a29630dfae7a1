package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

type verdict int

const (
	survived verdict = iota
	killed
	timedOut
)

func (v verdict) String() string { return [...]string{"survived", "killed", "timed out"}[v] }

// A test is one way to test mutants.
type test struct {
	folder    string   // of the package that has the tests
	building  []string // flags for the compiler
	arguments []string
	limit     string // in the words of ulimit, or none
	program   string
	patience  time.Duration
}

// prepare builds the tests, and runs them without a mutant: they must pass, and
// their time sets the limit with one.
func (t *test) prepare(ctx context.Context, dir, overlay string, patience int) error {
	t.program = filepath.Join(dir, "test")
	arguments := append([]string{"test", "-c", "-vet=off", "-o", t.program, "-overlay", overlay}, t.building...)
	build := exec.CommandContext(ctx, "go", append(arguments, ".")...)
	build.Dir = t.folder
	if output, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("building the tests in %s: %w\n%s", t.folder, err, output)
	}
	began := time.Now()
	if output, err := t.execute(ctx, 0); err != nil {
		return fmt.Errorf("the package itself fails the tests in %s: %w\n%s", t.folder, err, output)
	}
	t.patience = max(time.Duration(patience)*time.Since(began), 10*time.Second)
	return nil
}

// judge runs the tests on a mutant until one fails, and returns its output.
func judge(ctx context.Context, tests []*test, m mutant) (v verdict, output []byte) {
	for _, t := range tests {
		limited, cancel := context.WithTimeout(ctx, t.patience)
		output, err := t.execute(limited, m.number)
		late := limited.Err() != nil
		cancel()
		switch {
		case late:
			return timedOut, output
		case err != nil:
			return killed, output
		}
	}
	return survived, nil
}

// execute runs the tests on a mutant, or on the package itself, which is 0.
// All that they start ends with them.
func (t *test) execute(ctx context.Context, number int) (output []byte, err error) {
	script := `exec nice "$0" "$@"`
	if t.limit != "" {
		script = "ulimit " + t.limit + "; " + script
	}
	command := exec.CommandContext(ctx, "sh", append([]string{"-c", script, t.program}, t.arguments...)...)
	command.Dir = t.folder
	command.Env = append(os.Environ(), fmt.Sprintf("%s=%d", variable, number))
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	command.Cancel = func() error { return syscall.Kill(-command.Process.Pid, syscall.SIGKILL) }
	output, err = command.CombinedOutput()
	if command.Process != nil {
		_ = syscall.Kill(-command.Process.Pid, syscall.SIGKILL) // its children, if it left any
	}
	return output, err
}

// more is a flag for further tests: their folder, and arguments for them.
type more []*test

func (m *more) String() string { return "" }

func (m *more) Set(text string) error {
	words := strings.Fields(text)
	if len(words) == 0 {
		return fmt.Errorf("no folder in %q", text)
	}
	*m = append(*m, &test{folder: words[0], arguments: append([]string{"-test.failfast"}, words[1:]...)})
	return nil
}
