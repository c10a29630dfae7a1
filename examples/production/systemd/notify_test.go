//go:build unix

package main

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/seed-3b777528/grouper"
	"github.com/seed-3b777528/grouper/examples/internal/program"
	"github.com/tedsuo/ifrit"
)

func TestMain(m *testing.M) { program.Main(m, ".") }

// A systemd is the socket on which messages are expected.
type systemd struct {
	t      *testing.T
	socket *net.UnixConn
}

// listen returns the path of the socket, too.
func listen(t *testing.T) (systemd, string) {
	t.Helper()
	folder, err := os.MkdirTemp("", "notify") // t.TempDir may be too long for a socket
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(folder) })
	address := &net.UnixAddr{Name: filepath.Join(folder, "socket"), Net: "unixgram"}
	socket, err := net.ListenUnixgram("unixgram", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { socket.Close() })
	return systemd{t, socket}, address.Name
}

// hears reads messages until it has read each of these lines, in this order. A
// status is of the moment, and so there may be others in between.
func (s systemd) hears(lines ...string) {
	s.t.Helper()
	s.socket.SetReadDeadline(time.Now().Add(program.Patience))
	heard, text := "", make([]byte, 4096)
	for _, want := range lines {
		for !strings.Contains(heard+"\n", want+"\n") {
			n, err := s.socket.Read(text)
			if err != nil {
				s.t.Fatalf("%v: no %q in\n%s", err, want, heard)
			}
			heard += "\n" + string(text[:n])
		}
		_, heard, _ = strings.Cut(heard, want)
	}
}

func TestSystemdHearsOfTheProgram(t *testing.T) {
	s, socket := listen(t)
	data := filepath.Join(t.TempDir(), "data")
	child := program.Start(t, []string{"NOTIFY_SOCKET=" + socket}, "systemd",
		"-api", "localhost:0", "-admin", "localhost:0", "-data", data)
	s.hears(`STATUS=starting, waiting for "data"`)

	if err := os.Mkdir(data, 0o700); err != nil {
		t.Fatal(err)
	}
	s.hears("STATUS=ready", "READY=1")
	child.Signal(syscall.SIGTERM)
	s.hears("STOPPING=1", "STATUS=exited")
	child.Exits(0)
}

func TestSystemdHearsWhoHoldsUpTheStop(t *testing.T) {
	s, socket := listen(t)
	t.Setenv("NOTIFY_SOCKET", socket)
	finish := make(chan struct{})
	slow := ifrit.RunFunc(func(signals <-chan os.Signal, ready chan<- struct{}) error {
		close(ready)
		<-signals
		<-finish
		return nil
	})
	process := ifrit.Invoke(notify(grouper.NewOrdered(os.Interrupt, grouper.Members{
		{Name: "slow", Runner: slow},
		{Name: "line\nREADY=1", Runner: slow},
	})))
	s.hears("STATUS=ready", "READY=1")
	process.Signal(os.Interrupt)
	s.hears("STOPPING=1", `STATUS=stopping, waiting for "line\nREADY=1"`)
	close(finish)
	s.hears("STATUS=exited")
	if err := <-process.Wait(); err != nil {
		t.Error(err)
	}
}
