//go:build unix

package main

import (
	"io"
	"net/http"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/seed-3b777528/grouper/examples/internal/program"
)

func TestMain(m *testing.M) { program.Main(m, "./...") }

// A version is one of the services as a process.
type version struct {
	*program.Child
	t          *testing.T
	library    library
	api, admin string
}

// each runs a test with every version, when it is up.
func each(t *testing.T, args []string, test func(*version)) {
	launch(t, args, func(v *version) {
		v.api = "http://" + v.Stderr.Await("api server listens address=")
		v.until("/readyz", http.StatusOK)
		test(v)
	})
}

// launch runs a test with every version, when its admin server is up.
func launch(t *testing.T, args []string, test func(*version)) {
	for _, library := range libraries {
		t.Run(library.folder, func(t *testing.T) {
			t.Parallel()
			args := slices.Concat(args, []string{"-api=localhost:0", "-admin=localhost:0"})
			v := &version{Child: program.Start(t, nil, library.folder, args...), t: t, library: library}
			v.admin = "http://" + v.Stderr.Await("admin server listens address=")
			test(v)
		})
	}
}

// ask returns the status and the text of an answer, or 0 and why there is none.
func (v *version) ask(method, url string, body io.Reader) (int, string) {
	v.t.Helper()
	request, err := http.NewRequest(method, url, body)
	if err != nil {
		v.t.Fatal(err)
	}
	client := http.Client{Timeout: program.Patience, Transport: &http.Transport{DisableKeepAlives: true}}
	response, err := client.Do(request)
	if err != nil {
		return 0, err.Error()
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return 0, err.Error()
	}
	return response.StatusCode, string(text)
}

func (v *version) post(path string) {
	v.t.Helper()
	if code, text := v.ask("POST", v.api+path, strings.NewReader("a job")); code != http.StatusOK {
		v.t.Errorf("POST %s: %d, %s", path, code, text)
	}
}

// get checks the status of an answer of the admin server, and what is in it.
func (v *version) get(path string, want int, words ...string) {
	v.t.Helper()
	code, text := v.ask("GET", v.admin+path, nil)
	if code != want {
		v.t.Errorf("GET %s: %d, not %d: %s", path, code, want, text)
	}
	for _, word := range words {
		if !strings.Contains(text, word) {
			v.t.Errorf("GET %s without %q: %s", path, word, text)
		}
	}
}

// until asks the admin server until it answers with this status.
func (v *version) until(path string, want int) {
	v.t.Helper()
	for guard := time.Now().Add(program.Patience); ; {
		code, text := v.ask("GET", v.admin+path, nil)
		switch {
		case code == want:
			return
		case code == 0 || time.Now().After(guard):
			v.t.Fatalf("GET %s: %d, not %d: %s", path, code, want, text)
		}
	}
}

func (v *version) terminate() { v.t.Helper(); v.Signal(syscall.SIGTERM) }

// begin sends a job whose text has not ended yet, and end ends it.
func (v *version) begin() (end func()) {
	v.t.Helper()
	before := strings.Count(v.Stderr.String(), "request begins\n")
	body, text := io.Pipe()
	answered := make(chan int, 1)
	go func() {
		code, _ := v.ask("POST", v.api+"/jobs", body)
		answered <- code
	}()
	v.Stderr.Until("take the request", func(lines string) bool { return strings.Count(lines, "request begins\n") > before })
	return func() {
		v.t.Helper()
		io.WriteString(text, "a job")
		text.Close()
		if code := <-answered; code != http.StatusOK {
			v.t.Errorf("the request under way was answered with %d", code)
		}
	}
}

// names checks who is said to have been waited for when the stop was forced.
func (v *version) names(culprit string) {
	v.t.Helper()
	_, line, _ := strings.Cut(v.Stderr.String(), "giving up")
	line, _, _ = strings.Cut(line, "\n")
	if !strings.Contains(line, " waiting=["+culprit+"]") {
		v.t.Errorf("giving up%s", line)
	}
}
