//go:build unix

package main

import (
	"os"
	"os/signal"
	"syscall"
	"testing"

	"github.com/seed-3b777528/grouper/examples/internal/program"
)

func TestMain(m *testing.M) { program.Main(m, ".") }

var (
	patient = []string{"-drain", "0", "-grace", "1h", "-force", "1h"}
	hurried = []string{"-drain", "0", "-grace", "10ms", "-force", "10ms"}
)

// A step is a signal, when the text is in the log.
type step struct {
	when   string
	signal os.Signal
}

func TestExitStatus(t *testing.T) {
	const isReady, isStopping, isForced = "service ready", "service stopping", `giving up reason="a second signal"`
	for _, test := range []struct {
		name, member string
		flags        []string
		steps        []step
		code         int // -1: a signal has killed it
	}{
		{"stopped by a signal", "good", patient, []step{{isReady, syscall.SIGTERM}}, 0},
		{"stopped in the terminal", "good", patient, []step{{isReady, os.Interrupt}}, 0},
		{"a member failed", "broken", patient, nil, 1},
		{"Grace is over", "stuck", hurried, []step{{isReady, syscall.SIGTERM}}, 1},
		{"Force is over", "deaf", hurried, []step{{isReady, syscall.SIGTERM}}, 1},
		{"a second signal", "stuck", patient, []step{{isReady, syscall.SIGTERM}, {isStopping, syscall.SIGTERM}}, 1},
		{"a third signal", "deaf", patient, []step{{isReady, syscall.SIGTERM}, {isStopping, syscall.SIGTERM}, {isForced, syscall.SIGTERM}}, 1},
		{"wrong flags", "good", []string{"-drain", "long"}, nil, 2},
		{"a panic", "panics", patient, nil, 2},
		{"SIGQUIT", "good", patient, []step{{isReady, syscall.SIGQUIT}}, 2},
		{"SIGKILL", "good", patient, []step{{isReady, syscall.SIGKILL}}, -1},
		{"SIGHUP", "good", patient, []step{{isReady, syscall.SIGHUP}}, -1},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			child := program.Start(t, nil, "shutdown", append(test.flags, "-member", test.member)...)
			for _, step := range test.steps {
				if signal.Ignored(step.signal) { // as SIGHUP is below nohup
					t.Skip("it is ignored")
				}
				child.Stderr.Await(step.when)
				child.Signal(step.signal)
			}
			child.Exits(test.code)
		})
	}
}

// These are the steps of the timeline in docs/production.md.
func TestTheLogOfAForcedShutdown(t *testing.T) {
	child := program.Start(t, nil, "shutdown", "-member", "deaf", "-drain", "20ms", "-grace", "500ms", "-force", "20ms")
	child.Stderr.Await("service ready")
	child.Signal(syscall.SIGTERM)
	child.Exits(1)
	child.Stderr.Order(
		"draining signal=terminated for=20ms",
		"giving up reason=\"the stop took longer than 500ms\" waiting=[deaf] tree=\"ordered",
		"stacks=",
		"service gave up reason=\"the stop took longer than 500ms\" waiting=[deaf]",
	)
}

func TestTheLogSaysWhoIsWaitedFor(t *testing.T) {
	child := program.Start(t, nil, "shutdown", "-member", "deaf", "-drain", "0", "-grace", "20ms", "-force", "1h")
	child.Stderr.Await("service ready")
	child.Signal(syscall.SIGTERM)
	child.Stderr.Await("waiting state=stopping members=[deaf]")
}
