// Package traps shows that the traps in docs/production.md are traps.
package traps

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-3b777528/grouper"
	"github.com/seed-3b777528/grouper/fakes"
	"github.com/seed-3b777528/grouper/health"
	"github.com/seed-3b777528/grouper/runners"
	"github.com/tedsuo/ifrit"
)

// A served is a server with a request under way.
type served struct {
	server *http.Server
	finish chan struct{}
	answer chan error // nil if there was one
}

func serve(t *testing.T) served {
	t.Helper()
	began := make(chan struct{})
	s := served{finish: make(chan struct{}), answer: make(chan error, 1)}
	s.server = &http.Server{Handler: http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		close(began)
		<-s.finish
	})}
	listener, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	go s.server.Serve(listener)
	t.Cleanup(func() { s.server.Close() })
	go func() {
		response, err := http.Get("http://" + listener.Addr().String())
		if err == nil {
			response.Body.Close()
		}
		s.answer <- err
	}()
	<-began
	return s
}

func TestShutdownWithADoneContextWaitsForNobody(t *testing.T) {
	server := serve(t)
	ctx, signal := context.WithCancel(t.Context())
	signal()
	if err := server.server.Shutdown(ctx); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	select {
	case err := <-server.answer:
		t.Error("the request has ended:", err)
	default: // and the member would exit now
	}
	close(server.finish)
}

func TestShutdownWithoutCancelWaits(t *testing.T) {
	s := serve(t)
	ctx, signal := context.WithCancel(t.Context())
	signal()
	server, shut := s.server, make(chan error, 1)
	go func() { shut <- server.Shutdown(context.WithoutCancel(ctx)) }()
	select {
	case err := <-shut:
		t.Error("it did not wait:", err)
	default:
	}
	close(s.finish)
	if err := <-s.answer; err != nil {
		t.Error(err)
	}
	if err := <-shut; err != nil {
		t.Error(err)
	}
}

var errDown = errors.New("down")

// runFor runs a tree with this member, and returns its error, or nil if it
// still runs after that time.
func runFor(t *testing.T, limit time.Duration, member ifrit.Runner) error {
	process := ifrit.Background(grouper.NewOrdered(os.Interrupt, grouper.Members{{Name: "broker", Runner: member}}))
	select {
	case err := <-process.Wait():
		return err
	case <-time.After(limit):
		process.Signal(os.Interrupt)
		<-process.Wait()
		return nil
	}
}

func TestRestartsWithoutALimitNeverEnd(t *testing.T) {
	broker := grouper.WorkerFunc(func(context.Context) error { return errDown })
	synctest.Test(t, func(t *testing.T) {
		if err := runFor(t, 24*time.Hour, runners.Restart(broker, runners.Policy{})); err != nil {
			t.Error(err)
		}
		began := time.Now()
		if err := runFor(t, 24*time.Hour, runners.Restart(broker, runners.Policy{Most: 30, Within: 15 * time.Minute})); !errors.Is(err, errDown) {
			t.Error(err)
		}
		// The pauses vary by half, each for itself: 30 take between 4 and 14
		// minutes, so that Within is long enough for all of them.
		if outage := time.Since(began); outage < 4*time.Minute || outage > 14*time.Minute {
			t.Errorf("it gave up after %v", outage)
		}
	})
}

// counters stands for a prometheus.CounterVec with one label: it keeps a series
// for each value until the process ends.
type counters map[string]*counter

type counter int

func (c *counter) Inc() { *c++ }

func (c counters) WithLabelValues(value string) *counter {
	if c[value] == nil {
		c[value] = new(counter)
	}
	return c[value]
}

// label returns the same for all members whose names are not from the program.
func label(path string) string {
	if strings.HasPrefix(path, "workers/") {
		return "workers/*"
	}
	return path
}

func TestJobsWithALabelEachAreSeriesWithoutEnd(t *testing.T) {
	workers := grouper.NewDynamic(nil, 1, 0)
	root := grouper.NewOrdered(os.Interrupt, grouper.Members{{Name: "workers", Runner: workers}})
	wrong, starts := counters{}, counters{}
	process := ifrit.Invoke(grouper.Observe(root, func(event grouper.Event) {
		if event.State == grouper.StateStarting {
			wrong.WithLabelValues(event.Path).Inc()
			starts.WithLabelValues(label(event.Path)).Inc()
		}
	}))
	const jobs = 20
	for id := range jobs {
		workers.Client().Inserter() <- grouper.Member{Name: strconv.Itoa(id), Runner: grouper.WorkerFunc(func(context.Context) error { return nil })}
	}
	process.Signal(os.Interrupt)
	if err := <-process.Wait(); err != nil {
		t.Error(err)
	}
	if len(wrong) != jobs+2 || len(starts) != 3 || *starts["workers/*"] != jobs {
		t.Errorf("%d series and %d, of %d jobs", len(wrong), len(starts), *starts["workers/*"])
	}
}

// Readiness of the whole tree counts a part that is down; that of the group that
// serves requests does not.
func TestAPartThatIsDownMakesTheTreeUnready(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		broker := grouper.ContextFunc(func(_ context.Context, ready func()) error {
			ready()
			return errDown
		})
		servers := grouper.NewParallel(os.Interrupt, grouper.Members{{Name: "api", Runner: fakes.Idle()}})
		root := grouper.NewOrdered(os.Interrupt, grouper.Members{
			{Name: "broker", Runner: runners.Restart(broker, runners.Policy{})},
			{Name: "servers", Runner: servers},
		})
		process := ifrit.Invoke(root)
		synctest.Wait()
		for want, handler := range map[int]http.Handler{503: health.Ready(root), 200: health.Ready(servers)} {
			answer := httptest.NewRecorder()
			handler.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/readyz", nil))
			if answer.Code != want {
				t.Errorf("%d instead of %d: %s", answer.Code, want, answer.Body)
			}
		}
		process.Signal(os.Interrupt)
		<-process.Wait()
	})
}
