//go:build unix

package moving

import (
	"io"
	"net/http"

	"github.com/seed-3b777528/grouper/examples/internal/program"
)

// get returns the status of a server's answer.
func (c *child) get(server string) int {
	c.t.Helper()
	status, err := ask(c.Stdout.Await(server + " is up: "))
	if err != nil {
		c.t.Fatal(err)
	}
	return status
}

func ask(address string) (int, error) {
	client := http.Client{Timeout: program.Patience, Transport: &http.Transport{DisableKeepAlives: true}}
	response, err := client.Get("http://" + address)
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	io.Copy(io.Discard, response.Body)
	return response.StatusCode, nil
}

// A request is under way.
type request struct{ answer chan int }

// request sends one to the API, and returns when the database has been asked.
func (c *child) request(from *connection) request {
	c.t.Helper()
	address, r := c.Stdout.Await("api is up: "), request{make(chan int, 1)}
	go func() {
		status, err := ask(address)
		if err != nil {
			status = -1
		}
		r.answer <- status
	}()
	from.expect("get")
	return r
}

func (c *child) answered(r request, want int) {
	c.t.Helper()
	if status := <-r.answer; status != want {
		c.t.Errorf("the request under way was answered with %d, not %d", status, want)
	}
}
