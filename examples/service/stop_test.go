//go:build unix

package main

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
)

func TestStartAndStopOrder(t *testing.T) {
	for _, signal := range []syscall.Signal{syscall.SIGTERM, syscall.SIGINT} {
		t.Run(signal.String(), func(t *testing.T) {
			c := start(t, tempDB(t))
			c.accept(`{"name": "long", "duration": "1h"}`)
			c.Stderr.Await("ready member=workers/1 ")
			c.stop(signal)

			c.Stderr.Order(
				"admin server listens ",
				"ready member=store ",
				"ready member=workers ",
				"ready member=backlog ",
				"ready member=api ",
				"service ready ",
				"ready member=workers/1 ",
				"service stopping ",
				"exited member=api ",
				"exited member=backlog ",
				"exited member=workers/1 ",
				"exited member=workers ",
				"exited member=store ",
				"service exited ",
			)
			if !c.logs("service stopping ", "signal="+signal.String()) {
				t.Error("the log does not say which signal it was")
			}
		})
	}
}

func TestDrain(t *testing.T) {
	c := start(t, tempDB(t), "-drain", "1h")
	c.Signal(syscall.SIGTERM)
	c.Stderr.Await("draining ")
	if status, body := c.get(c.admin + "/readyz"); status != http.StatusServiceUnavailable || body != "draining\n" {
		t.Errorf("GET /readyz: %d %q", status, body)
	}
	c.accept(`{"name": "still accepted"}`)
	c.stop(syscall.SIGINT) // a second signal ends the wait
}

// An upload is a request whose body has not been sent yet.
type upload struct {
	t       *testing.T
	conn    net.Conn
	answers *bufio.Reader
	body    string
}

// upload begins to post a job, and returns when the request is being handled.
func (c *child) upload() *upload {
	c.t.Helper()
	conn, err := net.Dial("tcp", c.api)
	if err != nil {
		c.t.Fatal(err)
	}
	c.t.Cleanup(func() { conn.Close() })
	u := &upload{c.t, conn, bufio.NewReader(conn), `{"name": "late", "duration": "1h"}`}
	fmt.Fprintf(conn, "POST /jobs HTTP/1.1\r\nHost: api\r\nContent-Length: %d\r\nExpect: 100-continue\r\n\r\n", len(u.body))
	if line, err := u.answers.ReadString('\n'); err != nil || !strings.Contains(line, "100 Continue") {
		c.t.Fatalf("%q, %v", line, err)
	}
	u.answers.ReadString('\n') // the empty line that ends it
	return u
}

// finish sends the body, and returns the status of the answer.
func (u *upload) finish() int {
	u.t.Helper()
	fmt.Fprint(u.conn, u.body)
	response, err := http.ReadResponse(u.answers, nil)
	if err != nil {
		u.t.Fatal(err)
	}
	return response.StatusCode
}

func TestStopCompletesRequests(t *testing.T) {
	db := tempDB(t)
	c := start(t, db, "-patience", "10ms")
	request := c.upload()

	c.Signal(syscall.SIGTERM)
	c.Stderr.Await("waiting state=stopping members=[api]\n")
	c.eventually("take no more requests", func() bool {
		other, err := net.Dial("tcp", c.api)
		if err == nil {
			other.Close()
		}
		return err != nil
	})
	c.wantWaiting("api")
	if status, body := c.get(c.admin + "/readyz"); status != http.StatusServiceUnavailable || body != "stopping\napi\n" {
		t.Errorf("GET /readyz: %d %q", status, body)
	}
	c.Signal(syscall.SIGUSR1)
	c.Stderr.Await("<- waiting\n")

	if status := request.finish(); status != http.StatusAccepted {
		t.Errorf("POST /jobs: %d", status)
	}
	c.Exits(0)
	if jobs, err := openStore(t, db).all(); err != nil || len(jobs) != 1 {
		t.Errorf("the accepted job became %+v, %v", jobs, err)
	}
}

func TestForcedStop(t *testing.T) {
	for name, test := range map[string]struct {
		grace  string
		again  bool
		reason string
	}{
		"after the grace period": {"500ms", false, "the stop took longer than 500ms"},
		"at a second signal":     {"1h", true, "a second signal"},
	} {
		t.Run(name, func(t *testing.T) {
			db := tempDB(t)
			c := start(t, db, "-grace", test.grace)
			running := c.accept(`{"name": "long", "duration": "1h"}`)
			c.upload()
			c.Signal(syscall.SIGTERM)
			if test.again {
				c.Stderr.Await("member stopping member=api ")
				c.Signal(syscall.SIGTERM)
			}
			c.Exits(1)
			if !c.logs("service gave up ", test.reason, "waiting=[api]") {
				t.Errorf("the log does not say that it gave up: %s", test.reason)
			}
			if !c.Stderr.Has("<- waiting") || !c.Stderr.Has("main.api.post") {
				t.Error("the log has no tree, or not the stack of the request")
			}
			j, ok, err := openStore(t, db).get(running.ID)
			if err != nil || !ok || !j.unfinished() {
				t.Errorf("the job that ran became %+v, %t, %v", j, ok, err)
			}
		})
	}
}
