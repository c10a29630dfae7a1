package service

import (
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"
	"syscall"
	"testing"

	"github.com/seed-3b777528/grouper"
	"github.com/seed-3b777528/grouper/fakes"
)

// T7: if the server cannot listen, nothing is started.
func TestAdminCannotListen(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	runner := fakes.NewRunner()
	if err := Run(runner, Options{Admin: listener.Addr().String(), Signals: []os.Signal{}}); err == nil || runner.Starts() != 0 {
		t.Errorf("returned %v, after %d starts", err, runner.Starts())
	}
}

// T2, T7: the server answers from before the root starts until Run returns, and
// says no at once when a signal comes.
func TestAdmin(t *testing.T) {
	var text log
	signals, result := make(chan os.Signal), make(chan error)
	slow := fakes.NewRunner()
	root := tree(grouper.Member{Name: "slow", Runner: slow})
	options := Options{
		Admin: "127.0.0.1:0", Drain: forever, Logger: slog.New(slog.NewTextHandler(&text, nil)),
		AdminHandler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "the user's") }),
	}
	go func() { result <- run(root, options.withDefaults(), signals) }()
	slow.WaitForStart()
	_, address, _ := strings.Cut(text.String(), "address=")
	address, _, _ = strings.Cut(address, "\n")
	get := func(path string) (int, string) {
		response, err := http.Get("http://" + address + path)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		body, _ := io.ReadAll(response.Body)
		return response.StatusCode, string(body)
	}
	if code, body := get("/readyz"); code != 503 || !strings.HasPrefix(body, "starting\nslow\n") {
		t.Errorf("/readyz while starting: %d %q", code, body)
	}
	if code, body := get("/other"); code != 200 || body != "the user's" {
		t.Errorf("/other: %d %q", code, body)
	}
	slow.TriggerReady()
	for code, _ := get("/readyz"); code != 200; code, _ = get("/readyz") {
	}
	signals <- syscall.SIGTERM
	for code, _ := get("/readyz"); code == 200; code, _ = get("/readyz") {
	} // Run has the signal, but may not have looked at it yet
	if code, body := get("/readyz"); code != 503 || body != "draining\n" {
		t.Errorf("/readyz while draining: %d %q", code, body)
	}
	signals <- syscall.SIGTERM
	slow.WaitForSignal()
	if code, body := get("/readyz"); code != 503 || !strings.HasPrefix(body, "stopping\n") {
		t.Errorf("/readyz while stopping: %d %q", code, body)
	}
	slow.TriggerExit(nil)
	if err := <-result; err != nil {
		t.Error(err)
	}
	if _, err := net.Dial("tcp", address); err == nil {
		t.Error("the server still answers")
	}
}
