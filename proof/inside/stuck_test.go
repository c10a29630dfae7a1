package inside

import (
	"os"
	"os/signal"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-3b777528/grouper"
	"github.com/tedsuo/ifrit"
	"github.com/tedsuo/ifrit/sigmon"
)

func TestStuckStart(t *testing.T) {
	recording := record(t)
	synctest.Test(t, func(t *testing.T) {
		const stuck = "servers/api/http"
		tree := newTree(t)
		http := tree.parts[stuck]
		http.connected = make(chan struct{})
		process := ifrit.Background(tree.root)
		time.Sleep(time.Minute) // of the bubble
		synctest.Wait()

		tree.wantWaitingFor(stuck)
		tree.wantDrawing(`
ordered group      starting  1m0s
├── store          ready     1m0s
├── tenants        ready     1m0s  dynamic group
└── servers        starting  1m0s  parallel group
    ├── health     ready     1m0s
    └── api        starting  1m0s  ordered group
        ├── cache  ready     1m0s
        └── http   starting  1m0s  <- waiting
`)
		dump(t).wantStuck(t, "inside.(*part).connect", stuck)

		traced := recording.stop(t)
		wantEqual(t, "not ready are", traced.paths("start", "ready"), []string{"servers", "servers/api", stuck})
		traced.wantEvents(t, stuck, false, "start")
		for _, path := range []string{"store", "tenants", "servers/health", "servers/api/cache"} {
			traced.wantEvents(t, path, false, "start", "ready")
		}

		close(http.connected)
		<-process.Ready()
		tree.wantWaitingFor()
		process.Signal(os.Interrupt)
		tree.wantEnd(process)
	})
}

func TestStuckShutdown(t *testing.T) {
	recording := record(t)
	synctest.Test(t, func(t *testing.T) {
		const stuck = "tenants/acme/mail"
		tree := newTree(t)
		mail := tree.parts[stuck]
		mail.drained = make(chan struct{})
		process := ifrit.Invoke(tree.root)
		tree.tenants.Client().Inserter() <- tree.acme
		time.Sleep(time.Hour) // of the bubble
		process.Signal(syscall.SIGTERM)
		time.Sleep(time.Minute)
		synctest.Wait()

		tree.wantWaitingFor(stuck)
		tree.wantDrawing(`
ordered group      stopping  1m0s    terminated
├── store          ready     1h1m0s
├── tenants        stopping  1m0s    dynamic group, terminated
│   └── acme       stopping  1m0s    ordered group, terminated
│       ├── feed   ready     1h1m0s
│       └── mail   stopping  1m0s    <- waiting
└── servers        exited    1m0s    parallel group, terminated
    ├── health     exited    1m0s
    └── api        exited    1m0s    ordered group, terminated
        ├── cache  exited    1m0s
        └── http   exited    1m0s
`)
		dumped := dump(t)
		dumped.wantStuck(t, "inside.(*part).drain", stuck)
		wantEqual(t, "running are", dumped.labels(),
			[]string{"store", "tenants", "tenants/acme", "tenants/acme/feed", stuck})

		traced := recording.stop(t)
		wantEqual(t, "signaled and running are", traced.paths("signal", "exit"), []string{"tenants", "tenants/acme", stuck})
		traced.wantEvents(t, stuck, false, "start", "ready", "signal")
		for _, path := range []string{"servers", "servers/health", "servers/api", "servers/api/cache", "servers/api/http"} {
			traced.wantEvents(t, path, true, "start", "ready", "signal", "exit")
		}
		for _, path := range []string{"store", "tenants/acme/feed"} {
			traced.wantEvents(t, path, false, "start", "ready")
		}

		close(mail.drained)
		tree.wantEnd(process)
	})
}

// TestTraceBegunLate records only the shutdown.
func TestTraceBegunLate(t *testing.T) {
	const stuck = "tenants/acme/mail"
	tree := newTree(t)
	mail := tree.parts[stuck]
	mail.drained = make(chan struct{})
	entrances := tree.tenants.Client().EntranceListener()
	process := ifrit.Invoke(tree.root)
	tree.tenants.Client().Inserter() <- tree.acme
	<-entrances // acme is ready

	recording := record(t)
	process.Signal(os.Interrupt)
	<-mail.signaled
	tree.wantWaitingFor(stuck)
	traced := recording.stop(t)
	wantEqual(t, "signaled and running are", traced.paths("signal", "exit"), []string{"tenants", "tenants/acme", stuck})
	traced.wantEvents(t, stuck, false, "signal")
	traced.wantEvents(t, "servers/api/http", true, "signal", "exit")

	close(mail.drained)
	<-process.Wait()
}

// TestStuckInSigmon runs a group that another group does not recognize as one.
func TestStuckInSigmon(t *testing.T) {
	raised := make(chan os.Signal, 1)
	signal.Notify(raised, os.Interrupt) // before any bubble: its goroutine must not belong to one
	defer signal.Stop(raised)
	recording := record(t)
	synctest.Test(t, func(t *testing.T) {
		tree := newTree(t)
		http := tree.parts["servers/api/http"]
		http.drained = make(chan struct{})
		outer := grouper.NewParallel(os.Interrupt, grouper.Members{{Name: "service", Runner: sigmon.New(tree.root)}})
		process := ifrit.Invoke(outer)
		process.Signal(os.Interrupt)
		synctest.Wait()

		status, _ := grouper.Inspect(outer)
		wantEqual(t, "the outer group waits for", status.WaitingFor(), []string{"service"})
		tree.wantWaitingFor("servers/api/http")
		dump(t).wantStuck(t, "inside.(*part).drain", "servers/api/http")
		wantEqual(t, "signaled and running are", recording.stop(t).paths("signal", "exit"),
			[]string{"servers", "servers/api", "servers/api/http", "service"})

		close(http.drained)
		tree.wantEnd(process)
	})
}
