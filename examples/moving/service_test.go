//go:build unix

package moving

import (
	"regexp"
	"strings"
	"testing"
)

var ordered = []string{"oklogrun", "errgroup", "fx", "dskit", "grouper"} // suture has its own tests

func each(t *testing.T, versions []string, test func(*testing.T, *child)) {
	for _, version := range versions {
		t.Run(version, func(t *testing.T) { test(t, launch(t, version)) })
	}
}

func TestTheStoreIsUpBeforeTheServers(t *testing.T) {
	each(t, ordered, func(t *testing.T, c *child) {
		database := c.database.accept()
		database.say("hello")
		c.up()
		if status := c.get("health"); status != 200 {
			t.Errorf("health is %d", status)
		}
		request := c.request(database)
		database.say("42")
		c.answered(request, 200)
		c.Stdout.Order("store is up", "api is up")
		c.Stdout.Order("store is up", "health is up")

		c.terminate()
		c.Exits(0)
		c.Stdout.Order("api has stopped", "store has stopped")
		c.Stdout.Order("health has stopped", "store has stopped")
	})
}

// Suture starts all services at once: the API answers, but cannot serve.
func TestSutureDoesNotWaitForTheStore(t *testing.T) {
	each(t, []string{"suture"}, func(t *testing.T, c *child) {
		database := c.database.accept()
		c.up()
		for _, server := range []string{"api", "health"} {
			if status := c.get(server); status != 503 {
				t.Errorf("%s is %d before the store is up", server, status)
			}
		}
		database.say("hello")
		c.Stdout.Await("store is up")
		request := c.request(database)
		database.say("42")
		c.answered(request, 200)
		c.terminate()
		c.Exits(0)
	})
}

// A request is under way when the signal comes.
func TestARequestUnderWayIsServed(t *testing.T) {
	stops := map[string]func(*child){
		"errgroup": bothStop,
		"grouper":  bothStop,
		"dskit":    bothStop,
		"oklogrun": func(c *child) { // one after the other, as they were added
			c.Stdout.Await("api stops")
			if status := c.get("health"); status != 200 {
				c.t.Errorf("health is %d while the API stops", status)
			}
		},
		"fx": func(c *child) { // one after the other, the last one first
			c.Stdout.Await("api stops")
			c.Stdout.Order("health has stopped", "api stops")
		},
	}
	each(t, ordered, func(t *testing.T, c *child) {
		database := c.database.accept()
		database.say("hello")
		c.up()
		request := c.request(database)
		c.terminate()
		stops[c.version](c)
		database.say("42")
		c.answered(request, 200)
		c.Exits(0)
		c.Stdout.Order("api stops", "api has stopped", "store has stopped")
		if c.version == "oklogrun" {
			c.Stdout.Order("api has stopped", "health stops")
		}
	})
}

// bothStop: health does not wait for the API, which has a request under way.
func bothStop(c *child) {
	c.Stdout.Await("api stops")
	c.Stdout.Await("health has stopped")
}

// Suture stops all services at once: the store is gone before the API is.
func TestSutureCutsOffARequestUnderWay(t *testing.T) {
	each(t, []string{"suture"}, func(t *testing.T, c *child) {
		database := c.database.accept()
		database.say("hello")
		c.up()
		c.Stdout.Await("store is up")
		request := c.request(database)
		c.terminate()
		c.Stdout.Await("store has stopped")
		c.answered(request, 503)
		c.Exits(0)
	})
}

func TestAnErrorStopsTheRest(t *testing.T) {
	reasons := map[string]string{
		"oklogrun": `^the database is gone\n$`,
		"errgroup": `^the database is gone\n$`,
		"fx":       `^$`, // gets only an exit code
		"dskit":    `^(starting module store: .*)?the database is gone\n$`,
		"grouper":  `(?m)^.* ERROR member failed member=store err="the database is gone"$`,
	}
	each(t, ordered, func(t *testing.T, c *child) {
		database := c.database.accept()
		database.say("hello")
		c.up()
		database.conn.Close()
		c.Exits(1)
		c.Stdout.Await("api has stopped")
		c.Stdout.Await("health has stopped")
		if reason := c.Stderr.String(); !regexp.MustCompile(reasons[c.version]).MatchString(reason) {
			t.Errorf("the reason given is %q", reason)
		}
	})
}

// With suture the store is started again, and the servers do not stop.
func TestSutureRestartsTheStore(t *testing.T) {
	each(t, []string{"suture"}, func(t *testing.T, c *child) {
		database := c.database.accept()
		database.say("hello")
		c.up()
		c.Stdout.Await("store is up")
		database.conn.Close()

		database = c.database.accept()
		database.say("hello")
		c.Stdout.Until("bring the store up again", func(lines string) bool { return strings.Count(lines, "store is up\n") == 2 })
		request := c.request(database)
		database.say("42")
		c.answered(request, 200)
		c.never("api stops")
		c.terminate()
		c.Exits(0)
		if log := c.Stderr.String(); !strings.Contains(log, "the database is gone") {
			t.Errorf("the log is %q", log)
		}
	})
}

// A signal comes while the store waits for its database.
func TestASignalDuringStartUp(t *testing.T) {
	codes := map[string]int{"oklogrun": 1, "errgroup": 1, "dskit": 0, "grouper": 0} // 1: Open returns the context's error
	each(t, []string{"oklogrun", "errgroup", "dskit", "grouper"}, func(t *testing.T, c *child) {
		c.database.accept() // and say nothing
		c.terminate()
		c.Exits(codes[c.version])
		c.never("store is up")
		c.never("api is up")
	})
}

func TestSutureStopsDuringStartUp(t *testing.T) {
	each(t, []string{"suture"}, func(t *testing.T, c *child) {
		c.database.accept() // and say nothing
		c.up()
		c.terminate()
		c.Exits(0)
		c.never("store is up")
	})
}

// Fx stops when it has started.
func TestFxStartsInSpiteOfASignal(t *testing.T) {
	each(t, []string{"fx"}, func(t *testing.T, c *child) {
		database := c.database.accept()
		c.terminate()
		database.say("hello")
		c.Exits(0)
		c.Stdout.Order("store is up", "api is up", "health is up", "health stops", "api stops", "store has stopped")
	})
}
