package container

import (
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/seed-3b777528/grouper/examples/internal/program"
)

func TestMain(m *testing.M) { program.Main(m, "../kubernetes") }

// asPID1 starts a command as the first process of a PID namespace, as the one
// of a container is. Everything in it ends with that process.
func asPID1(t *testing.T, path string, args ...string) *program.Child {
	t.Helper()
	contained := func(path string, args ...string) *exec.Cmd {
		cmd := exec.Command(path, args...)
		cmd.SysProcAttr = &syscall.SysProcAttr{
			Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWPID,
			UidMappings: []syscall.SysProcIDMap{{HostID: os.Getuid(), Size: 1}},
			GidMappings: []syscall.SysProcIDMap{{HostID: os.Getgid(), Size: 1}},
		}
		return cmd
	}
	if err := contained("/bin/true").Run(); err != nil {
		t.Skip("no PID namespace may be made:", err)
	}
	return program.StartCommand(t, nil, contained(path, args...))
}

// status returns a field of a process's status, without the surrounding space.
func status(t *testing.T, pid int, field string) string {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), "\n"+field+":\t")
	line, _, _ := strings.Cut(rest, "\n")
	return line
}

// handles reports whether the process has a handler for SIGTERM. Without one a
// PID 1 does not get it from the kernel at all.
func handles(t *testing.T, pid int) bool {
	t.Helper()
	handlers, err := strconv.ParseUint(status(t, pid, "SigCgt"), 16, 64)
	if err != nil {
		t.Fatal(err)
	}
	return handlers&(1<<(syscall.SIGTERM-1)) != 0
}

var flags = []string{"-api", "localhost:0", "-admin", "localhost:0"}

func TestAServiceStopsAsPID1(t *testing.T) {
	child := asPID1(t, program.Path("kubernetes"), flags...)
	child.Stderr.Await("service ready")
	if ids := strings.Fields(status(t, child.Pid(), "NSpid")); ids[len(ids)-1] != "1" {
		t.Errorf("its process IDs are %q", ids)
	}
	if !handles(t, child.Pid()) {
		t.Error("SIGTERM does not reach it")
	}
	child.Signal(syscall.SIGTERM)
	child.Stderr.Await("draining")
	child.Signal(syscall.SIGTERM)
	child.Exits(0)
}

// The shell form of an ENTRYPOINT runs a shell, and this is what that does when
// the command is more than one program.
func TestAShellAsPID1NeverSeesSIGTERM(t *testing.T) {
	child := asPID1(t, "/bin/sh", "-c", program.Path("kubernetes")+" "+strings.Join(flags, " ")+"; true")
	child.Stderr.Await("service ready")
	child.Signal(syscall.SIGTERM)
	if handles(t, child.Pid()) || status(t, child.Pid(), "ShdPnd") != "0000000000000000" {
		t.Error("the signal is on its way")
	}
	child.Signal(syscall.SIGKILL)
	child.Exits(-1)
	if child.Stderr.Has("draining") {
		t.Error("the signal came through")
	}
}
