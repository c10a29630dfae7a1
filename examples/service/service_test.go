//go:build unix

package main

import (
	"net/http"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

func tempDB(t *testing.T) string { return filepath.Join(t.TempDir(), "below", "jobs.db") }

func TestJobs(t *testing.T) {
	c := start(t, tempDB(t))
	if status, body := c.get(c.api + "/jobs"); status != http.StatusOK || body != "[]\n" {
		t.Errorf("GET /jobs of an empty store: %d %q", status, body)
	}

	good := c.accept(`{"name": "good", "duration": "1ms"}`)
	bad := c.accept(`{"name": "bad", "fail": true}`)
	c.waitForState(good.ID, done)
	if j := c.waitForState(bad.ID, failed); j.Error == "" {
		t.Error("a failed job has no error")
	}
	jobs := c.jobs()
	if len(jobs) != 2 || jobs[0].Name != "good" || jobs[1].Name != "bad" {
		t.Errorf("GET /jobs: %+v", jobs)
	}

	for path, want := range map[string]int{
		"/jobs/99":  http.StatusNotFound,
		"/jobs/abc": http.StatusNotFound,
		"/other":    http.StatusNotFound,
	} {
		if status, _ := c.get(c.api + path); status != want {
			t.Errorf("GET %s: %d, want %d", path, status, want)
		}
	}
	if status, body, _ := c.post(`{"name": 1}`); status != http.StatusBadRequest {
		t.Errorf("POST of bad input: %d %s", status, body)
	}
	for path, want := range map[string]string{"/livez": "", "/readyz": "ready\n"} {
		if status, body := c.get(c.admin + path); status != http.StatusOK || !strings.HasPrefix(body, want) {
			t.Errorf("GET %s: %d %q", path, status, body)
		}
	}
	c.stop(syscall.SIGTERM)
}

func TestAcceptedJobHasALocation(t *testing.T) {
	c := start(t, tempDB(t))
	var location string
	c.eventually("accept a job", func() bool {
		status, _, header := c.post(`{"name": "long", "duration": "1h"}`)
		location = header.Get("Location")
		return status == http.StatusAccepted
	})
	if status, body := c.get(c.api + location); status != http.StatusOK || !strings.Contains(body, `"state":"running"`) {
		t.Errorf("GET %s: %d %s", location, status, body)
	}
}

func TestFullPool(t *testing.T) {
	c := start(t, tempDB(t), "-workers", "2")
	c.accept(`{"name": "long", "duration": "1h"}`)
	c.accept(`{"name": "long", "duration": "1h"}`)

	status, body, header := c.post(`{"name": "too many"}`)
	if status != http.StatusServiceUnavailable || !strings.Contains(body, "all workers are busy") {
		t.Errorf("POST to a full pool: %d %q", status, body)
	}
	if header.Get("Retry-After") == "" {
		t.Error("a full pool does not say when to retry")
	}
	if jobs := c.jobs(); len(jobs) != 2 {
		t.Errorf("a refused job was stored: %+v", jobs)
	}
	c.stop(syscall.SIGTERM)
}
