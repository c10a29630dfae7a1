//go:build unix

package moving

import (
	"syscall"
	"testing"

	"github.com/seed-3b777528/grouper/examples/internal/program"
)

func TestMain(m *testing.M) { program.Main(m, "./...") }

// A child is one of the versions as a process of its own.
type child struct {
	*program.Child
	t        *testing.T
	version  string
	database *database
}

// launch starts a version. Its database says nothing yet.
func launch(t *testing.T, version string) *child {
	t.Helper()
	database := newDatabase(t)
	return &child{program.Start(t, nil, version,
		"-database", database.address(), "-api", "localhost:0", "-health", "localhost:0"), t, version, database}
}

// up waits until both servers are.
func (c *child) up() {
	c.t.Helper()
	c.Stdout.Await("api is up")
	c.Stdout.Await("health is up")
}

func (c *child) terminate() {
	c.t.Helper()
	c.Signal(syscall.SIGTERM)
}

func (c *child) never(text string) {
	c.t.Helper()
	if c.Stdout.Has(text) {
		c.t.Errorf("there was %q", text)
	}
}
