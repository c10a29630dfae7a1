package browser

import (
	"errors"
	"net/http/httptest"
	"os"
	"testing"
	"time"

	"github.com/cenkalti/backoff/v5"
	"github.com/seed-3b777528/grouper"
	"github.com/seed-3b777528/grouper/fakes"
	"github.com/seed-3b777528/grouper/health"
	"github.com/seed-3b777528/grouper/runners"
	"github.com/tedsuo/ifrit"
)

// A service whose members the test drives by hand:
//
//	store
//	broker   restarted after each failure, when the test says so
//	servers  parallel
//	├── api
//	└── probes
type service struct {
	*httptest.Server
	process                    ifrit.Process // nil before start
	root                       ifrit.Runner
	store, broker, api, probes *fakes.Runner
	pauses                     pauses
}

func newService(t *testing.T) *service {
	s := &service{
		store: fakes.NewRunner(), broker: fakes.NewRunner(), api: fakes.NewRunner(), probes: fakes.NewRunner(),
		pauses: make(pauses),
	}
	restarted := runners.Policy{Backoff: func() backoff.BackOff { return s.pauses }}
	s.root = grouper.NewOrdered(os.Interrupt, grouper.Members{
		{Name: "store", Runner: s.store},
		{Name: "broker", Runner: runners.Restart(s.broker, restarted)},
		{Name: "servers", Runner: grouper.NewParallel(os.Interrupt, grouper.Members{
			{Name: "api", Runner: s.api},
			{Name: "probes", Runner: s.probes},
		})},
	})
	s.Server = serve(t, s.root)
	return s
}

// stuckService returns one whose broker was restarted, and whose api holds up
// the shutdown.
func stuckService(t *testing.T) *service {
	s := newService(t)
	s.start()
	s.store.TriggerReady()
	s.broker.TriggerExit(errors.New("connection refused"))
	s.pauses.end()
	s.broker.WaitForStart()
	for _, member := range []*fakes.Runner{s.broker, s.api, s.probes} {
		member.TriggerReady()
	}
	<-s.process.Ready()
	s.stop()
	t.Cleanup(s.exit)
	return s
}

func serve(t *testing.T, root ifrit.Runner) *httptest.Server {
	server := httptest.NewServer(health.Handler(root))
	t.Cleanup(server.Close)
	return server
}

func (s *service) start() { s.process = ifrit.Background(s.root) }

// stop begins a shutdown that api holds up.
func (s *service) stop() {
	s.process.Signal(os.Interrupt)
	s.probes.WaitForSignal()
	s.probes.TriggerExit(nil)
}

// exit ends a shutdown that stop has begun.
func (s *service) exit() {
	for _, member := range []*fakes.Runner{s.api, s.broker, s.store} {
		member.WaitForSignal()
		member.TriggerExit(nil)
	}
	<-s.process.Wait()
}

// pauses between restarts end when the test says so.
type pauses chan struct{}

func (p pauses) NextBackOff() time.Duration {
	<-p
	return 0
}

func (p pauses) Reset() {}

func (p pauses) end() { p <- struct{}{} }
