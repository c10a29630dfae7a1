package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/seed-3b777528/grouper"
	"github.com/seed-3b777528/grouper/service"
)

// runDemo runs the service twice on one temporary store, so that the second run
// takes up what the first one left.
func runDemo(c config) error {
	dir, err := os.MkdirTemp("", "grouper-example-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	c.db = filepath.Join(dir, "jobs.db")
	if err := choosePorts(&c); err != nil {
		return err
	}

	for _, act := range []func(*demo) error{(*demo).firstRun, (*demo).secondRun} {
		top := &demo{api: "http://" + c.api, admin: "http://" + c.admin, workers: c.workers, act: act}
		root, options := compose(c, grouper.Member{Name: "demo", Runner: grouper.ContextFunc(top.run)})
		if err := service.Run(root, options); err != nil {
			return err
		}
	}
	say("That was all. The temporary store is removed.")
	return nil
}

// A demo is a client that runs on top of the service, as one more member of its
// root group: it begins when all others are ready, and ends the service with a
// signal.
type demo struct {
	api     string
	admin   string
	workers int
	act     func(*demo) error
	last    func(*demo) error // while the service stops
	ctx     context.Context
}

func (d *demo) run(ctx context.Context, ready func()) error {
	d.ctx = ctx
	ready()
	err := d.act(d)
	switch {
	case ctx.Err() != nil:
		return errors.New("interrupted") // the error of the context would count as none
	case err != nil:
		return err
	}

	self, err := os.FindProcess(os.Getpid())
	if err != nil {
		return err
	}
	say("SIGTERM stops it, in the opposite order:")
	if err := self.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	<-ctx.Done()
	d.ctx = context.WithoutCancel(ctx)
	return d.last(d)
}

func (d *demo) firstRun() error {
	if err := d.untilReady(); err != nil {
		return err
	}
	say("The service is ready: its members were started one after the other.")
	if err := d.request("GET", d.admin+"/readyz", ""); err != nil {
		return err
	}

	say("Jobs are accepted as long as a worker is free. The second one is told to fail:")
	for n := range d.workers + 1 {
		job := fmt.Sprintf(`{"name": "thumbnail %d", "duration": "1s", "fail": %t}`, n+1, n == 1)
		if err := d.request("POST", d.api+"/jobs", job); err != nil {
			return err
		}
	}

	say("When these are finished, the last job is one that takes longer:")
	if err := d.untilFinished(); err != nil {
		return err
	}
	d.last = (*demo).showStatus
	return d.request("POST", d.api+"/jobs", `{"name": "backup", "duration": "1s"}`)
}

func (d *demo) showStatus() error {
	say("While it stops, /status tells what it waits for. Now that is the demo itself:")
	return d.request("GET", d.admin+"/status", "")
}

func (d *demo) secondRun() error {
	say("The service runs again on the same store, and takes up the job that was not finished:")
	d.last = func(*demo) error { return nil }
	return d.untilFinished()
}

// untilReady waits for the root, which is ready a little later than the demo.
func (d *demo) untilReady() error {
	for {
		status, _, err := d.send("GET", d.admin+"/readyz", "")
		if err != nil || status == http.StatusOK {
			return err
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// untilFinished waits for all jobs, and shows what became of them.
func (d *demo) untilFinished() error {
	for {
		jobs, err := d.jobs()
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(jobs, job.unfinished) {
			for _, j := range jobs {
				say("  job %d (%s): %s", j.ID, j.Name, j.State)
			}
			return nil
		}
		time.Sleep(50 * time.Millisecond)
	}
}

func (d *demo) jobs() (jobs []job, err error) {
	_, body, err := d.send("GET", d.api+"/jobs", "")
	if err != nil {
		return nil, err
	}
	return jobs, json.Unmarshal(body, &jobs)
}

// request shows a request and its answer. A full pool is no error: it is what
// the demo is here to show.
func (d *demo) request(method, url, body string) error {
	say("> %s %s %s", method, url, body)
	status, answer, err := d.send(method, url, body)
	if err != nil {
		return err
	}
	for line := range strings.Lines(string(answer)) {
		say("< %d %s", status, strings.TrimSuffix(line, "\n"))
	}
	if status >= 400 && status != http.StatusServiceUnavailable {
		return fmt.Errorf("%s %s: status %d", method, url, status)
	}
	return nil
}

func (d *demo) send(method, url, body string) (status int, answer []byte, err error) {
	request, err := http.NewRequestWithContext(d.ctx, method, url, bytes.NewBufferString(body))
	if err != nil {
		return 0, nil, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, nil, err
	}
	defer response.Body.Close()
	answer, err = io.ReadAll(response.Body)
	return response.StatusCode, answer, err
}

// say writes to stdout, so that 2>/dev/null leaves the demo without the log.
func say(format string, args ...any) { fmt.Printf("demo: "+format+"\n", args...) }

// choosePorts lets the demo run beside a service, unless it is told where.
func choosePorts(c *config) error {
	for _, place := range []struct {
		address   *string
		byDefault string
	}{{&c.api, defaultAPI}, {&c.admin, defaultAdmin}} {
		if *place.address != place.byDefault {
			continue
		}
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return err
		}
		defer listener.Close() // not before both are chosen
		*place.address = listener.Addr().String()
	}
	return nil
}
