//go:build unix

package endtoend

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// client keeps no connections, which a server would have to wait for.
var client = http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: patience}

func (c *child) post(path string) {
	c.t.Helper()
	response, err := client.Post("http://"+c.details["api ready"]+path, "text/plain", nil)
	if err != nil {
		c.t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		c.t.Fatalf("POST %s: %s", path, response.Status)
	}
}

func (c *child) wantHealthy() {
	c.t.Helper()
	response, err := client.Get("http://" + c.details["health ready"])
	if err != nil {
		c.t.Fatal(err)
	}
	defer response.Body.Close()
	if body, err := io.ReadAll(response.Body); err != nil || string(body) != "healthy" {
		c.t.Errorf("health answered %q, %v", body, err)
	}
}

// A conversation is a connection to one of the listeners.
type conversation struct {
	net.Conn
	received *bufio.Reader
}

func (c *child) dial(name string) conversation {
	c.t.Helper()
	conn, err := net.Dial("tcp", c.details[name+" ready"])
	if err != nil {
		c.t.Fatal(err)
	}
	c.t.Cleanup(func() { conn.Close() })
	conn.SetDeadline(time.Now().Add(patience))
	return conversation{conn, bufio.NewReader(conn)}
}

func (c *child) wantEcho(conn conversation) {
	c.t.Helper()
	io.WriteString(conn, "hello\n")
	if line, err := conn.received.ReadString('\n'); line != "hello\n" {
		c.t.Errorf("echo sent %q, %v", line, err)
	}
}

// request begins a request to the API, and does not wait for an answer.
func (c *child) request(lines ...string) conversation {
	c.t.Helper()
	conn := c.dial("api")
	io.WriteString(conn, strings.Join(lines, "\r\n")+"\r\nHost: api\r\n\r\n")
	return conn
}

const uploaded = "all of it"

// upload begins a request that keeps its server from stopping until it is
// finished, and waits until the server has begun to handle it.
func (c *child) upload() conversation {
	c.t.Helper()
	conn := c.request("POST /upload HTTP/1.1", "Content-Length: "+strconv.Itoa(len(uploaded)))
	c.await("api reads")
	return conn
}

// wantAnswered finishes an upload, which must be answered.
func (c *child) wantAnswered(upload conversation) {
	c.t.Helper()
	io.WriteString(upload, uploaded)
	response, err := http.ReadResponse(upload.received, nil)
	if err != nil {
		c.t.Fatal(err)
	}
	defer response.Body.Close()
	if body, err := io.ReadAll(response.Body); response.StatusCode != http.StatusOK || string(body) != uploaded {
		c.t.Errorf("the upload was answered with %s, %q, %v", response.Status, body, err)
	}
}

// wantCut checks that the other side has closed the connection.
func (c *child) wantCut(conn conversation) {
	c.t.Helper()
	b, err := conn.received.ReadByte()
	if netErr, ok := err.(net.Error); err == nil || ok && netErr.Timeout() {
		c.t.Errorf("the connection is open: it sent %q, %v", b, err)
	}
}
