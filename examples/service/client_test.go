//go:build unix

package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
)

// post gives a status of 0 if there was no answer.
func (c *child) post(spec string) (status int, body string, header http.Header) {
	response, err := http.Post("http://"+c.api+"/jobs", "application/json", strings.NewReader(spec))
	if err != nil {
		return 0, err.Error(), nil
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		return 0, err.Error(), nil
	}
	return response.StatusCode, string(answer), response.Header
}

// accept posts a job until it is accepted. The service may refuse one that it
// has room for, if it is very slow.
func (c *child) accept(spec string) (accepted job) {
	c.t.Helper()
	c.eventually("accept a job", func() bool {
		status, body, _ := c.post(spec)
		if status != http.StatusAccepted && status != http.StatusServiceUnavailable {
			c.t.Fatalf("POST %s: %d %s", spec, status, body)
		}
		return status == http.StatusAccepted && json.Unmarshal([]byte(body), &accepted) == nil
	})
	return accepted
}

func (c *child) get(url string) (status int, body string) {
	c.t.Helper()
	response, err := http.Get("http://" + url)
	if err != nil {
		c.t.Fatal(err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	return response.StatusCode, string(answer)
}

// status gives the answer of /status to a client that accepts these.
func (c *child) status(accept ...string) (body string, header http.Header) {
	c.t.Helper()
	request, err := http.NewRequest("GET", "http://"+c.admin+"/status", nil)
	if err != nil {
		c.t.Fatal(err)
	}
	request.Header["Accept"] = accept
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		c.t.Fatal(err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		c.t.Fatalf("GET /status: %d, %v", response.StatusCode, err)
	}
	return string(answer), response.Header
}

func (c *child) tree() (t tree) {
	c.t.Helper()
	body, _ := c.status("application/json")
	if err := json.Unmarshal([]byte(body), &t); err != nil {
		c.t.Fatalf("GET /status: %s: %v", body, err)
	}
	return t
}

// A tree is what a client makes of the JSON of /status.
type tree struct {
	Kind, State, Signal string
	WaitingFor          []string
	Members             []struct {
		Name, State string
		Group       *tree
	}
}

// text gives the tree in one line.
func (t tree) text() string {
	text := t.Kind + " " + t.State
	for _, member := range t.Members {
		text += ", " + member.Name + " " + member.State
		if member.Group != nil {
			text += " (" + member.Group.text() + ")"
		}
	}
	return text
}

func (c *child) wantWaiting(members ...string) {
	c.t.Helper()
	if t := c.tree(); t.State != "stopping" || t.Signal != "terminated" || !slices.Equal(t.WaitingFor, members) {
		c.t.Errorf("the service should be waiting for %v: %+v", members, t)
	}
}

func (c *child) jobs() (jobs []job) {
	c.t.Helper()
	status, body := c.get(c.api + "/jobs")
	if err := json.Unmarshal([]byte(body), &jobs); status != http.StatusOK || err != nil {
		c.t.Fatalf("GET /jobs: %d %s: %v", status, body, err)
	}
	return jobs
}

func (c *child) waitForState(id uint64, want state) (j job) {
	c.t.Helper()
	c.eventually(fmt.Sprintf("have job %d %s", id, want), func() bool {
		status, body := c.get(fmt.Sprintf("%s/jobs/%d", c.api, id))
		if status != http.StatusOK {
			c.t.Fatalf("job %d: %d %s", id, status, body)
		}
		if err := json.Unmarshal([]byte(body), &j); err != nil {
			c.t.Fatal(err)
		}
		return j.State == want
	})
	return j
}
