//go:build unix

package main

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/seed-3b777528/grouper/examples/compared/parts"
	"github.com/seed-3b777528/grouper/examples/internal/program"
)

func TestMain(m *testing.M) { program.Main(m, "./...") }

var members = []string{"db", "broker", "config", "workers", "cleanup", "api"}

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

// From a start through a drain to an end.
func TestALife(t *testing.T) {
	t.Parallel()
	each(t, []string{"-drain=1h", "-grace=1h"}, func(v *version) {
		v.Stderr.Order(steps(members, "member starting member=%s\n", "member ready member=%s after=")...)
		if refusals := strings.Count(v.Stderr.String(), "the broker refuses"); refusals != parts.Refusals {
			v.t.Errorf("%d refusals in the log", refusals)
		}
		v.get("/status", http.StatusOK, append(members, "ready")...)
		v.get("/livez", http.StatusOK)
		v.post("/jobs")
		v.get("/metrics", http.StatusOK, "jobs_done_total 1\n")

		v.post("/broker/lose")
		v.until("/readyz", http.StatusServiceUnavailable)
		v.post("/broker/regain")
		v.until("/readyz", http.StatusOK)

		end := v.begin()
		v.terminate()
		v.until("/readyz", http.StatusServiceUnavailable)
		v.post("/jobs") // from who has not asked /readyz yet
		v.get("/readyz", http.StatusServiceUnavailable, "draining")
		v.terminate() // which ends the drain
		v.Stderr.Await("member stopping member=api ")
		v.get("/livez", http.StatusOK)
		v.get("/readyz", http.StatusServiceUnavailable)
		end()
		v.Exits(0)
		v.Stderr.Order(steps([]string{"api", "cleanup", "workers", "config", "broker", "db"},
			"member stopping member=%s after=", "member exited member=%s after=")...)
	})
}

func TestASignalDuringTheStart(t *testing.T) {
	t.Parallel()
	launch(t, []string{"-away"}, func(v *version) {
		v.Stderr.Await("the broker refuses")
		v.get("/readyz", http.StatusServiceUnavailable)
		v.terminate()
		v.Exits(0)
		v.Stderr.Order("member stopping member=broker after=", "member stopping member=db after=", "member exited member=db after=")
		if v.Stderr.Has("member starting member=config") {
			v.t.Error("it went on starting")
		}
	})
}

func TestAPartThatFails(t *testing.T) {
	t.Parallel()
	each(t, []string{"-drain=1h", "-grace=1h"}, func(v *version) {
		v.post("/config/spoil")
		v.Exits(1)
		v.Stderr.Order("member exited member=api after=", "member exited member=db after=")
		v.Stderr.Await("the configuration is spoilt")
	})
}

// A request that does not end holds up the API.
func TestADeadline(t *testing.T) {
	t.Parallel()
	each(t, []string{"-drain=0", "-grace=1s"}, func(v *version) {
		v.begin()
		v.terminate()
		v.Exits(1)
		v.names("api")
	})
}

func TestASecondSignal(t *testing.T) {
	t.Parallel()
	each(t, []string{"-drain=0", "-grace=1h", "-hang"}, func(v *version) {
		v.terminate()
		v.Stderr.Await("member stopping member=cleanup ")
		v.terminate()
		v.Exits(1)
		v.names("cleanup")
		if has := v.library.has[stacks] != no; v.Stderr.Has("parts.(*Queue).Cleanup") != has {
			v.t.Errorf("it is not so that the stack is there: %t", has)
		}
	})
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

// steps are these steps of each member, in order.
func steps(members []string, each ...string) (all []string) {
	for _, member := range members {
		for _, step := range each {
			all = append(all, fmt.Sprintf(step, member))
		}
	}
	return all
}

// The README shows what the command prints.
func TestTheREADMEHasTheTable(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(readme), "\n\n"+table()+"\n") {
		t.Errorf("the README does not have this table:\n%s", table())
	}
	if command := "go run -C examples ./compared`"; !strings.Contains(string(readme), command) {
		t.Errorf("the README does not have %q", command)
	}
}

// Only with runners, service and health: less than 60 lines.
func TestTheGlueIsShort(t *testing.T) {
	if own := glue(libraries[0]); libraries[0].name != "grouper" || own >= 60 {
		t.Errorf("%s takes %d lines", libraries[0].name, own)
	}
}
