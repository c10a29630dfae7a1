package runners_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/seed-3b777528/grouper/runners"
	"github.com/tedsuo/ifrit"
)

// A cache has entries that expire.
type cache struct{ expired []string }

// CleanUp drops an entry. It logs what the job is to survive, and returns nil.
func (c *cache) CleanUp(context.Context) error {
	if len(c.expired) == 0 {
		return errors.New("nothing left to clean up")
	}
	fmt.Println("dropping", c.expired[0])
	c.expired = c.expired[1:]
	return nil
}

// A job that is done at once, and then at each interval, until it fails or is
// signaled.
func ExampleEvery() {
	sessions := &cache{expired: []string{"alice", "bob"}}

	process := ifrit.Invoke(runners.Every(time.Millisecond, sessions.CleanUp))
	fmt.Println("error:", <-process.Wait())

	// Output:
	// dropping alice
	// dropping bob
	// error: nothing left to clean up
}
