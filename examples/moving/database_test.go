//go:build unix

package moving

import (
	"bufio"
	"fmt"
	"net"
	"testing"
	"time"

	"github.com/seed-3b777528/grouper/examples/internal/program"
)

// A database says what the test tells it to.
type database struct {
	t        *testing.T
	listener *net.TCPListener
}

func newDatabase(t *testing.T) *database {
	listener, err := net.ListenTCP("tcp", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	return &database{t, listener}
}

func (d *database) address() string { return d.listener.Addr().String() }

// accept waits for the store.
func (d *database) accept() *connection {
	d.t.Helper()
	d.listener.SetDeadline(time.Now().Add(program.Patience))
	conn, err := d.listener.Accept()
	if err != nil {
		d.t.Fatal(err)
	}
	d.t.Cleanup(func() { conn.Close() })
	conn.SetDeadline(time.Now().Add(program.Patience))
	return &connection{d.t, conn, bufio.NewScanner(conn)}
}

type connection struct {
	t     *testing.T
	conn  net.Conn
	lines *bufio.Scanner
}

func (c *connection) say(line string) { fmt.Fprintln(c.conn, line) }

func (c *connection) expect(line string) {
	c.t.Helper()
	if !c.lines.Scan() || c.lines.Text() != line {
		c.t.Fatalf("the database got %q, %v, not %q", c.lines.Text(), c.lines.Err(), line)
	}
}
