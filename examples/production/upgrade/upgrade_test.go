//go:build unix

package main

import (
	"errors"
	"io"
	"net/http"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/seed-3b777528/grouper/examples/internal/program"
)

func TestMain(m *testing.M) { program.Main(m, ".") }

// start starts the program as a group of processes, of which nothing is left
// after the test. It returns the URL of the API, and that of /readyz.
func start(t *testing.T) (child *program.Child, api, readiness string) {
	t.Helper()
	// The addresses differ: tableflip hands listeners on by what they are given.
	cmd := exec.Command(program.Path("upgrade"), "-api", "localhost:0", "-admin", "127.0.0.1:0")
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	child = program.StartCommand(t, nil, cmd)
	t.Cleanup(func() {
		if err := syscall.Kill(-child.Pid(), syscall.SIGKILL); err != nil && !errors.Is(err, syscall.ESRCH) {
			t.Error(err)
		}
	})
	child.Stderr.Await("service ready")
	url := func(name string) string {
		_, address, _ := strings.Cut(child.Stderr.Await(name+" listens "), "address=")
		return "http://" + address
	}
	return child, url("api"), url("health") + "/readyz"
}

// client makes a connection for each request, as many clients do.
var client = http.Client{Transport: &http.Transport{DisableKeepAlives: true}}

func get(t *testing.T, url string) string {
	t.Helper()
	response, err := client.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// ask returns the process ID of the one that answers.
func ask(t *testing.T, url string) int {
	t.Helper()
	pid, err := strconv.Atoi(get(t, url))
	if err != nil {
		t.Fatal(err)
	}
	return pid
}

// askUntil makes requests, of which none may fail, until the answer is from a
// process that the test wants.
func askUntil(t *testing.T, url string, holds func(pid int) bool) (pid int) {
	t.Helper()
	for guard := time.Now().Add(program.Patience); time.Now().Before(guard); {
		if pid = ask(t, url); holds(pid) {
			return pid
		}
	}
	t.Fatal("there was no such answer")
	return 0
}

func TestNoRequestFailsDuringAnUpgrade(t *testing.T) {
	child, url, readiness := start(t)
	old := ask(t, url)
	child.Signal(syscall.SIGHUP)
	next := askUntil(t, url, func(pid int) bool { return pid != old })
	exit := "service exited pid=" + strconv.Itoa(old) + " "
	askUntil(t, url, func(int) bool { return child.Stderr.Has(exit) })
	for range 20 {
		if pid := ask(t, url); pid != next {
			t.Errorf("%d answered, not %d", pid, next)
		}
	}
	for guard := time.Now().Add(program.Patience); get(t, readiness) != "ready\n"; { // which may be an instant later
		if time.Now().After(guard) {
			t.Fatal("it is not ready")
		}
	}
	if err := syscall.Kill(next, syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	child.Exits(0)
	child.Stderr.Await("service exited pid=" + strconv.Itoa(next) + " ")
}
