//go:build unix

package main

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/seed-3b777528/grouper/examples/compared/parts"
)

var members = []string{"db", "broker", "config", "workers", "cleanup", "api"}

// From a start through a drain to an end.
func TestALife(t *testing.T) {
	t.Parallel()
	each(t, []string{"-drain=1h", "-grace=1h"}, func(v *version) {
		v.Stderr.Await("member ready member=api after=") // events may be logged later
		v.Stderr.Order(steps(members, "member starting member=%s\n", "member ready member=%s after=")...)
		if refusals := strings.Count(v.Stderr.String(), "the broker refuses"); refusals != parts.Refusals {
			v.t.Errorf("%d refusals in the log", refusals)
		}
		v.get("/status", http.StatusOK, append(members, "ready")...)
		v.get("/livez", http.StatusOK)
		v.post("/jobs")
		v.get("/metrics", http.StatusOK, "jobs_done_total 1\n")

		v.post("/broker/lose")
		v.until("/readyz", http.StatusServiceUnavailable)
		v.post("/broker/regain")
		v.until("/readyz", http.StatusOK)

		end := v.begin()
		v.terminate()
		v.until("/readyz", http.StatusServiceUnavailable)
		v.post("/jobs") // from who has not asked /readyz yet
		v.get("/readyz", http.StatusServiceUnavailable, "draining")
		v.terminate() // which ends the drain
		v.Stderr.Await("member stopping member=api ")
		v.get("/livez", http.StatusOK)
		v.get("/readyz", http.StatusServiceUnavailable)
		end()
		v.Exits(0)
		v.Stderr.Order(steps([]string{"api", "cleanup", "workers", "config", "broker", "db"},
			"member stopping member=%s after=", "member exited member=%s after=")...)
	})
}

func TestASignalDuringTheStart(t *testing.T) {
	t.Parallel()
	launch(t, []string{"-away"}, func(v *version) {
		v.Stderr.Await("connecting to the broker")
		v.get("/readyz", http.StatusServiceUnavailable)
		v.terminate()
		v.Exits(0)
		v.Stderr.Order("member stopping member=broker after=", "member stopping member=db after=", "member exited member=db after=")
		if v.Stderr.Has("member starting member=config") {
			v.t.Error("it went on starting")
		}
	})
}

func TestAPartThatFails(t *testing.T) {
	t.Parallel()
	each(t, []string{"-drain=1h", "-grace=1h"}, func(v *version) {
		v.post("/config/spoil")
		v.Exits(1)
		v.Stderr.Order("member exited member=api after=", "member exited member=db after=")
		v.Stderr.Await("the configuration is spoilt")
	})
}

// A request that does not end holds up the API.
func TestADeadline(t *testing.T) {
	t.Parallel()
	each(t, []string{"-drain=0", "-grace=1s"}, func(v *version) {
		v.begin()
		v.terminate()
		v.Exits(1)
		v.names("api")
	})
}

func TestASecondSignal(t *testing.T) {
	t.Parallel()
	each(t, []string{"-drain=0", "-grace=1h", "-hang"}, func(v *version) {
		v.terminate()
		v.Stderr.Await("member stopping member=cleanup ")
		v.terminate()
		v.Exits(1)
		v.names("cleanup")
		if has := v.library.has[stacks] != no; v.Stderr.Has("parts.(*Queue).Cleanup") != has {
			v.t.Errorf("it is not so that the stack is there: %t", has)
		}
	})
}

// steps are these steps of each member, in order.
func steps(members []string, each ...string) (all []string) {
	for _, member := range members {
		for _, step := range each {
			all = append(all, fmt.Sprintf(step, member))
		}
	}
	return all
}
