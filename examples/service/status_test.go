//go:build unix

package main

import (
	"strings"
	"syscall"
	"testing"
)

func TestStatus(t *testing.T) {
	c := start(t, tempDB(t))
	c.accept(`{"name": "long", "duration": "1h"}`)
	c.eventually("show that all is ready", func() bool { return !strings.Contains(c.tree().text(), "starting") })

	want := "ordered ready, health ready, store ready, workers ready (dynamic ready, 1 ready), " +
		"backlog ready, api ready, readiness ready"
	if got := c.tree().text(); got != want {
		t.Errorf("GET /status:\n%s, want\n%s", got, want)
	}
	if text, _ := c.status(); !strings.Contains(text, "├── workers    ready") || !strings.Contains(text, "│   └── 1      ready") {
		t.Errorf("GET /status:\n%s", text)
	}
	c.stop(syscall.SIGTERM)
}

func TestStatusIsJSONForThoseWhoAcceptIt(t *testing.T) {
	c := start(t, tempDB(t))
	const text, json = "text/plain; charset=utf-8", "application/json"
	for _, test := range []struct {
		accept []string
		want   string
	}{
		{nil, text},
		{[]string{"*/*"}, text},
		{[]string{"text/html, application/xhtml+xml, */*;q=0.8"}, text},
		{[]string{"application/json"}, json},
		{[]string{"text/html, Application/JSON;q=0.9"}, json},
		{[]string{"text/html", "application/json"}, json},
		{[]string{"application/json-seq"}, text},
	} {
		_, header := c.status(test.accept...)
		if got := header.Get("Content-Type"); got != test.want || header.Get("Vary") != "Accept" {
			t.Errorf("Accept %q: %q, Vary %q, want %q", test.accept, got, header.Get("Vary"), test.want)
		}
	}
}

func TestSlowStop(t *testing.T) {
	c := start(t, tempDB(t), "-grace", "1h", "-report", "10ms")
	c.Signal(syscall.SIGTERM)
	c.Stderr.Await("waiting state=stopping members=readiness\n")
	c.wantWaiting("readiness")

	c.Signal(syscall.SIGUSR1)
	c.Stderr.Await("<- waiting\n")
	c.stop(syscall.SIGINT)
}

func TestSIGUSR1(t *testing.T) {
	c := start(t, tempDB(t))
	c.accept(`{"name": "long", "duration": "1h"}`)
	for _, line := range []string{"ordered group", "├── store", "│   └── 1", "└── readiness"} {
		if c.Stderr.Has(line) {
			t.Fatalf("%q is logged without SIGUSR1", line)
		}
	}
	c.Signal(syscall.SIGUSR1)
	for _, line := range []string{"\nordered group", "\n├── store", "\n│   └── 1", "\n└── readiness"} {
		c.Stderr.Await(line)
	}
	c.accept(`{"name": "still accepted"}`)
	c.stop(syscall.SIGTERM)
}
