package main

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cenkalti/backoff/v5"
	"github.com/prometheus/client_golang/prometheus/testutil"
	"github.com/seed-3b777528/grouper"
	"github.com/seed-3b777528/grouper/fakes"
	"github.com/seed-3b777528/grouper/runners"
	"github.com/tedsuo/ifrit"
)

// A watchedTree is one whose metrics a test reads. It runs in a bubble.
type watchedTree struct {
	*metrics
	t       *testing.T
	process ifrit.Process
}

func watch(t *testing.T, members ...grouper.Member) watchedTree {
	root := grouper.NewOrdered(os.Interrupt, members)
	m := newMetrics(root)
	return watchedTree{m, t, ifrit.Background(grouper.Observe(root, m.observe))}
}

func (w watchedTree) stop() error {
	w.process.Signal(os.Interrupt)
	return <-w.process.Wait()
}

// want checks all samples of one metric, but for those of 0.
func (w watchedTree) want(metric string, samples ...string) {
	w.t.Helper()
	synctest.Wait()
	answer := httptest.NewRecorder()
	w.handler().ServeHTTP(answer, httptest.NewRequest("GET", "/metrics", nil))
	if answer.Code != http.StatusOK {
		w.t.Fatalf("GET /metrics: %d %s", answer.Code, answer.Body)
	}
	var got []string
	for line := range strings.Lines(answer.Body.String()) {
		sample, found := strings.CutPrefix(strings.TrimSuffix(line, "\n"), metric+"{")
		if found && !strings.HasSuffix(sample, "} 0") {
			got = append(got, "{"+sample)
		}
	}
	if strings.Join(got, "\n") != strings.Join(samples, "\n") {
		w.t.Errorf("%s:\n%s\nwant\n%s", metric, strings.Join(got, "\n"), strings.Join(samples, "\n"))
	}
}

func TestMetricsOfALife(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store, api := fakes.NewRunner(), fakes.NewRunner()
		servers := grouper.NewParallel(os.Interrupt, grouper.Members{{Name: "api", Runner: api}})
		w := watch(t, grouper.Member{Name: "store", Runner: store}, grouper.Member{Name: "servers", Runner: servers})
		states := func(root, servers, api, store string) {
			t.Helper()
			w.want("grouper_member_state",
				`{member="/",state="`+root+`"} 1`, `{member="servers",state="`+servers+`"} 1`,
				`{member="servers/api",state="`+api+`"} 1`, `{member="store",state="`+store+`"} 1`)
		}

		states("starting", "pending", "pending", "starting")
		time.Sleep(2 * time.Second)
		store.TriggerReady()
		states("starting", "starting", "starting", "ready")
		time.Sleep(time.Second)
		api.TriggerReady()
		states("ready", "ready", "ready", "ready")
		w.want("grouper_member_startup_seconds",
			`{member="/"} 3`, `{member="servers"} 1`, `{member="servers/api"} 1`, `{member="store"} 2`)
		w.want("grouper_member_starts_total",
			`{member="/"} 1`, `{member="servers"} 1`, `{member="servers/api"} 1`, `{member="store"} 1`)
		w.want("grouper_member_exits_total")

		api.TriggerExit(errors.New("broken"))
		states("stopping", "exited", "exited", "stopping")
		store.TriggerExit(nil)
		<-w.process.Wait()
		states("exited", "exited", "exited", "exited")
		w.want("grouper_member_exits_total",
			`{member="/",result="error"} 1`, `{member="servers",result="error"} 1`,
			`{member="servers/api",result="error"} 1`, `{member="store",result="success"} 1`)
	})
}

func TestMetricsOfAMemberThatIsReadyTooLate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slow := fakes.NewRunner()
		w := watch(t, grouper.Member{Name: "slow", Runner: slow})
		w.process.Signal(os.Interrupt)
		slow.WaitForSignal()
		slow.TriggerReady()
		w.want("grouper_member_state", `{member="/",state="stopping"} 1`, `{member="slow",state="stopping"} 1`)
		w.want("grouper_member_startup_seconds")
		slow.TriggerExit(nil)
		<-w.process.Wait()
	})
}

func TestMetricsOfRestarts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		runs := 0
		flaky := grouper.WorkerFunc(func(ctx context.Context) error {
			if runs++; runs < 4 {
				return errors.New("not yet")
			}
			<-ctx.Done()
			return nil
		})
		policy := runners.Policy{Backoff: func() backoff.BackOff { return backoff.NewConstantBackOff(time.Minute) }}
		w := watch(t, grouper.Member{Name: "broker", Runner: runners.Restart(flaky, policy)})
		time.Sleep(90 * time.Second)
		w.want("grouper_member_restarts_total", `{member="broker"} 1`)
		w.want("grouper_member_state", `{member="/",state="ready"} 1`, `{member="broker",state="ready"} 1`)
		time.Sleep(time.Hour)
		w.want("grouper_member_restarts_total", `{member="broker"} 3`)
		w.want("grouper_member_starts_total", `{member="/"} 1`, `{member="broker"} 1`)
		w.want("grouper_member_exits_total")
		if err := w.stop(); err != nil {
			t.Error(err)
		}
		w.want("grouper_member_exits_total", `{member="/",result="success"} 1`, `{member="broker",result="success"} 1`)
	})
}

func TestMetricsOfADynamicGroup(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		workers := grouper.NewDynamic(nil, 0, 0)
		w := watch(t, grouper.Member{Name: "servers", Runner: grouper.NewParallel(os.Interrupt, grouper.Members{
			{Name: "workers", Runner: workers},
		})})
		insert := func(name string, runner ifrit.Runner) {
			workers.Client().Inserter() <- grouper.Member{Name: name, Runner: runner}
		}
		good, bad := fakes.NewRunner(), fakes.NewRunner()
		insert("1", good)
		insert("2", bad)
		insert("a/b", fakes.Idle())
		insert("inner", grouper.NewParallel(os.Interrupt, grouper.Members{{Name: "leaf", Runner: fakes.Idle()}}))
		insert("1", fakes.Idle()) // is not started: the name is in use
		w.want("grouper_group_members", `{group="servers/workers"} 4`)

		good.TriggerReady()
		good.TriggerExit(nil)
		bad.TriggerExit(errors.New("broken"))
		w.want("grouper_group_members", `{group="servers/workers"} 2`)
		w.want("grouper_member_starts_total", `{member="/"} 1`, `{member="servers"} 1`,
			`{member="servers/workers"} 1`, `{member="servers/workers/*"} 5`)
		w.want("grouper_member_exits_total",
			`{member="servers/workers/*",result="error"} 2`, `{member="servers/workers/*",result="success"} 1`)
		w.want("grouper_member_state", `{member="/",state="ready"} 1`, `{member="servers",state="ready"} 1`,
			`{member="servers/workers",state="ready"} 1`)
		if err := w.stop(); err != nil {
			t.Error(err)
		}
		w.want("grouper_group_members")
	})
}

// The first increase of a counter would be lost to rate() if it began with 1.
func TestCountersBeginWithZero(t *testing.T) {
	m := newMetrics(grouper.NewOrdered(os.Interrupt, grouper.Members{
		{Name: "api", Runner: fakes.Idle()},
		{Name: "workers", Runner: grouper.NewDynamic(nil, 0, 0)},
	}))
	for _, series := range []int{
		testutil.CollectAndCount(m.starts),
		testutil.CollectAndCount(m.restarts),
		testutil.CollectAndCount(m.exits) / 2,
	} {
		if series != 4 {
			t.Errorf("%d series, want one for each of /, api, workers and workers/*", series)
		}
	}
	problems, err := testutil.GatherAndLint(m.registry)
	if err != nil || len(problems) > 0 {
		t.Errorf("%v, %v", problems, err)
	}
}
