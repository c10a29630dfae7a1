//go:build unix

package main

import (
	"net/http"
	"slices"
	"strings"
	"syscall"
	"testing"
)

func TestStatus(t *testing.T) {
	c := start(t, tempDB(t))
	c.accept(`{"name": "long", "duration": "1h"}`)
	c.eventually("show that all is ready", func() bool { return !strings.Contains(c.tree().text(), "starting") })

	want := "ordered ready, store ready, workers ready (dynamic ready, 1 ready), backlog ready, api ready"
	if got := c.tree().text(); got != want {
		t.Errorf("GET /status:\n%s, want\n%s", got, want)
	}
	if text, _ := c.status(); !strings.Contains(text, "├── workers    ready") || !strings.Contains(text, "│   └── 1      ready") {
		t.Errorf("GET /status:\n%s", text)
	}
	if page, header := c.status("text/html"); !strings.HasPrefix(header.Get("Content-Type"), "text/html") || !strings.Contains(page, "backlog") {
		t.Errorf("GET /status with a browser: %v\n%s", header, page)
	}
	c.stop(syscall.SIGTERM)
}

func TestSIGUSR1(t *testing.T) {
	c := start(t, tempDB(t))
	c.accept(`{"name": "long", "duration": "1h"}`)
	for _, line := range []string{"ordered group", "├── store", "│   └── 1", "└── api"} {
		if c.Stderr.Has(line) {
			t.Fatalf("%q is logged without SIGUSR1", line)
		}
	}
	c.Signal(syscall.SIGUSR1)
	for _, line := range []string{"\nordered group", "\n├── store", "\n│   └── 1", "\n└── api"} {
		c.Stderr.Await(line)
	}
	c.accept(`{"name": "still accepted"}`)
	c.stop(syscall.SIGTERM)
}

func TestMetrics(t *testing.T) {
	c := start(t, tempDB(t))
	c.accept(`{"name": "long", "duration": "1h"}`)
	c.waitForState(c.accept(`{"name": "bad", "fail": true}`).ID, failed)

	var lines []string
	wants := func(line string) func() bool {
		return func() bool {
			status, body := c.get(c.admin + "/metrics")
			if status != http.StatusOK {
				t.Fatalf("GET /metrics: %d %s", status, body)
			}
			lines = strings.Split(body, "\n")
			return slices.Contains(lines, line)
		}
	}
	for _, line := range []string{
		`grouper_member_state{member="/",state="ready"} 1`,
		`grouper_member_state{member="api",state="ready"} 1`,
		`grouper_member_starts_total{member="api"} 1`,
		`grouper_member_starts_total{member="workers/*"} 2`,
		`grouper_member_exits_total{member="workers/*",result="error"} 1`,
		`grouper_group_members{group="workers"} 1`,
	} {
		c.eventually("have "+line, wants(line)) // an event may be on its way
	}
	if slices.ContainsFunc(lines, func(line string) bool { return strings.Contains(line, "workers/1") }) {
		t.Errorf("a job has a label:\n%s", strings.Join(lines, "\n"))
	}
	c.stop(syscall.SIGTERM)
}
