//go:build unix

package main

import (
	"fmt"
	"net/http"
	"sync"
	"syscall"
	"testing"
)

// openStore opens a store that no service uses, to see and change what is in it.
func openStore(t *testing.T, db string) *store {
	t.Helper()
	s := &store{path: db}
	if err := s.open(t.Context()); err != nil {
		t.Fatal(err)
	}
	return s
}

func TestInterruptedJobIsTakenUpAgain(t *testing.T) {
	db := tempDB(t)
	c := start(t, db)
	id := c.accept(`{"name": "long", "duration": "1h"}`).ID
	c.stop(syscall.SIGTERM)

	s := openStore(t, db)
	j, ok, err := s.get(id)
	if err != nil || !ok || j.State != queued {
		t.Fatalf("the interrupted job is %+v, %t, %v", j, ok, err)
	}
	j.Duration.Duration = 0 // an hour is too long for a test
	if err := s.put(j); err != nil {
		t.Fatal(err)
	}
	s.db.Close()

	c = start(t, db)
	c.waitForState(id, done)
	if next := c.accept(`{"name": "next"}`).ID; next == id {
		t.Error("an ID was given twice")
	}
	c.stop(syscall.SIGTERM)
}

func TestBacklogWaitsForRoom(t *testing.T) {
	db := tempDB(t)
	c := start(t, db)
	for range 3 {
		c.accept(`{"name": "long", "duration": "1h"}`)
	}
	c.stop(syscall.SIGTERM)

	c = start(t, db, "-workers", "1")
	c.waitForState(1, running)
	c.waitForState(2, queued)
	c.waitForState(3, queued)
	if status, body, _ := c.post(`{"name": "too many"}`); status != http.StatusServiceUnavailable {
		t.Errorf("POST to a full pool: %d %s", status, body)
	}
	c.stop(syscall.SIGTERM)
	if jobs, err := openStore(t, db).all(); err != nil || len(jobs) != 3 {
		t.Errorf("3 jobs became %+v, %v", jobs, err)
	}
}

func TestKillLosesNothingAcknowledged(t *testing.T) {
	db := tempDB(t)
	c := start(t, db, "-workers", "8")
	c.accept(`{"name": "first", "duration": "1s"}`)

	var mu sync.Mutex
	acknowledged := map[string]bool{}
	var clients sync.WaitGroup
	for client := range 8 {
		clients.Go(func() {
			for n := 0; ; n++ {
				name := fmt.Sprintf("client %d, job %d", client, n)
				status, _, _ := c.post(fmt.Sprintf(`{"name": %q, "duration": "20ms"}`, name))
				switch status {
				case http.StatusAccepted:
					mu.Lock()
					acknowledged[name] = true
					mu.Unlock()
				case 0: // killed
					return
				}
			}
		})
	}
	c.eventually("accept jobs", func() bool {
		mu.Lock()
		defer mu.Unlock()
		return len(acknowledged) > 40
	})
	c.Signal(syscall.SIGKILL)
	clients.Wait()
	c.Exits(-1)

	c = start(t, db)
	found := map[string]bool{}
	for _, j := range c.jobs() {
		found[j.Name] = true
		c.waitForState(j.ID, done)
	}
	for name := range acknowledged {
		if !found[name] {
			t.Errorf("%s was acknowledged and is lost", name)
		}
	}
	c.stop(syscall.SIGTERM)
}
