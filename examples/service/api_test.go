package main

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-3b777528/grouper"
	"github.com/seed-3b777528/grouper/groupertest"
	"github.com/seed-3b777528/grouper/runners"
)

func newAPI(t *testing.T) api {
	t.Helper()
	store := &store{path: filepath.Join(t.TempDir(), "jobs.db")}
	workers := grouper.NewDynamic(nil, 1, 0)
	groupertest.Start(t, grouper.NewOrdered(os.Interrupt, grouper.Members{
		{Name: "store", Runner: runners.OpenClose(store.open, store.close)},
		{Name: "workers", Runner: workers},
	}))
	return api{store: store, workers: workers.Client()}
}

func post(a api, body string) *httptest.ResponseRecorder {
	answer := httptest.NewRecorder()
	a.handler().ServeHTTP(answer, httptest.NewRequest("POST", "/jobs", strings.NewReader(body)))
	return answer
}

func TestPostRefusesBadInput(t *testing.T) {
	a := newAPI(t)
	for name, test := range map[string]struct {
		body string
		code int
		text string
	}{
		"nothing":           {"", 400, "not a job"},
		"no JSON":           {"name=mail", 400, "not a job"},
		"half of it":        {`{"name": "mail"`, 400, "not a job"},
		"an array":          {`[{"name": "mail"}]`, 400, "not a job"},
		"more after it":     {`{"name": "mail"} {"name": "mail"}`, 400, "more after it"},
		"unknown field":     {`{"name": "mail", "user": "ann"}`, 400, `"user"`},
		"ID chosen":         {`{"id": 1, "name": "mail"}`, 400, `"id"`},
		"state chosen":      {`{"name": "mail", "state": "done"}`, 400, `"state"`},
		"no name":           {`{"duration": "1s"}`, 400, "name is missing"},
		"blank name":        {`{"name": " "}`, 400, "name is missing"},
		"bad duration":      {`{"name": "mail", "duration": "soon"}`, 400, `"soon"`},
		"number":            {`{"name": "mail", "duration": 5}`, 400, "duration"},
		"negative duration": {`{"name": "mail", "duration": "-1s"}`, 400, "must not be negative"},
		"too long duration": {`{"name": "mail", "duration": "25h"}`, 400, "must not be longer than 24h"},
		"too large":         {`{"name": "` + strings.Repeat("x", maxBody) + `"}`, 413, "too large"},
	} {
		t.Run(name, func(t *testing.T) {
			answer := post(a, test.body)
			if answer.Code != test.code || !strings.Contains(answer.Body.String(), test.text) {
				t.Errorf("%d %q, want %d with %q", answer.Code, answer.Body, test.code, test.text)
			}
		})
	}
	if jobs, err := a.store.all(); err != nil || len(jobs) != 0 {
		t.Errorf("stored %+v, %v", jobs, err)
	}
}

func TestPostWhileStopping(t *testing.T) {
	a := newAPI(t)
	a.workers.Close()
	answer := post(a, `{"name": "mail"}`)
	if answer.Code != http.StatusServiceUnavailable || !strings.Contains(answer.Body.String(), "stopping") {
		t.Errorf("%d %q", answer.Code, answer.Body)
	}
}

func TestPostThatCannotBeStored(t *testing.T) {
	a := newAPI(t)
	a.store.db.Close()
	answer := post(a, `{"name": "mail"}`)
	for answer.Code == http.StatusServiceUnavailable { // the machine is very slow
		answer = post(a, `{"name": "mail"}`)
	}
	if answer.Code != http.StatusInternalServerError {
		t.Errorf("%d %q", answer.Code, answer.Body)
	}
}

// A client that stops in the middle of a request holds up the stop, but not for
// ever.
func TestRequestThatIsNotSent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		conns := newPipe()
		process := groupertest.Start(t, runners.HTTP(api{}.server(""), conns))
		began, conn := time.Now(), conns.dial()
		defer conn.Close()
		conn.SetReadDeadline(began.Add(2 * readTimeout))
		fmt.Fprint(conn, "POST /jobs HTTP/1.1\r\nHost: api\r\nContent-Length: 9\r\n\r\n{")
		synctest.Wait() // until it is being handled
		process.Signal(os.Interrupt)
		response, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Fatal(err)
		}
		if took := time.Since(began); response.StatusCode != http.StatusBadRequest || took != readTimeout {
			t.Errorf("status %d after %v, want 400 after %v", response.StatusCode, took, readTimeout)
		}
	})
}

// A pipe is a listener in memory, which works in a bubble.
type pipe struct {
	conns  chan net.Conn
	closed context.Context
	close  context.CancelFunc
}

func newPipe() pipe {
	closed, close := context.WithCancel(context.Background())
	return pipe{make(chan net.Conn), closed, close}
}

func (p pipe) dial() net.Conn {
	client, server := net.Pipe()
	p.conns <- server
	return client
}

func (p pipe) Accept() (net.Conn, error) {
	select {
	case conn := <-p.conns:
		return conn, nil
	case <-p.closed.Done():
		return nil, net.ErrClosed
	}
}

func (p pipe) Close() error   { p.close(); return nil }
func (p pipe) Addr() net.Addr { return &net.TCPAddr{} }
