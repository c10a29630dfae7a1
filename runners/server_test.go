package runners_test

import (
	"errors"
	"os"
	"runtime"
	"slices"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/seed-3b777528/grouper"
	"github.com/seed-3b777528/grouper/runners"
	"github.com/tedsuo/ifrit"
)

// A fakeServer records which of its functions are called, and each returns
// when its channel is closed.
type fakeServer struct {
	mu                sync.Mutex
	calls             []string
	serve, stop, kill chan struct{}
}

func newFakeServer() *fakeServer {
	return &fakeServer{serve: make(chan struct{}), stop: make(chan struct{}), kill: make(chan struct{})}
}

func (f *fakeServer) called() []string {
	synctest.Wait()
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.calls)
}

func (f *fakeServer) call(name string, until chan struct{}) {
	f.mu.Lock()
	f.calls = append(f.calls, name)
	f.mu.Unlock()
	<-until
}

// server returns a Server that fails with errBoom.
func (f *fakeServer) server() runners.Server {
	return runners.Server{
		Serve: func() error { f.call("serve", f.serve); return errBoom },
		Stop:  func() { f.call("stop", f.stop) },
		Kill:  func() { f.call("kill", f.kill) },
	}
}

func TestServerIsReadyWhenServeIsCalledR4(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		fake := newFakeServer()
		run := start(t, fake.server())
		if !run.isReady() || !slices.Equal(fake.called(), []string{"serve"}) {
			t.Errorf("ready: %v, called: %v", run.isReady(), fake.called())
		}
		close(fake.serve)
		run.exits(errBoom)
	})
}

func TestServerCallsWhatTheSignalsAskForR4(t *testing.T) {
	for _, test := range []struct {
		name           string
		signals        []os.Signal
		noStop, noKill bool
		want           []string
	}{
		{name: "first", signals: []os.Signal{term}, want: []string{"stop"}},
		{name: "second", signals: []os.Signal{term, term}, want: []string{"stop", "kill"}},
		{name: "second is another one", signals: []os.Signal{term, os.Interrupt}, want: []string{"stop", "kill"}},
		{name: "second is os.Kill", signals: []os.Signal{term, os.Kill}, want: []string{"stop", "kill"}},
		{name: "many", signals: []os.Signal{term, os.Kill, term, os.Kill}, want: []string{"stop", "kill"}},
		{name: "os.Kill", signals: []os.Signal{os.Kill}, want: []string{"kill"}},
		{name: "more after os.Kill", signals: []os.Signal{os.Kill, term, os.Kill}, want: []string{"kill"}},
		{name: "os.Kill without Kill", signals: []os.Signal{os.Kill}, noKill: true, want: []string{"stop"}},
		{name: "second without Kill", signals: []os.Signal{term, term}, noKill: true, want: []string{"stop"}},
		{name: "os.Kill twice without Kill", signals: []os.Signal{os.Kill, os.Kill}, noKill: true, want: []string{"stop"}},
		{name: "first without Stop", signals: []os.Signal{term}, noStop: true},
		{name: "second without Stop", signals: []os.Signal{term, term}, noStop: true, want: []string{"kill"}},
		{name: "os.Kill without Stop", signals: []os.Signal{os.Kill}, noStop: true, want: []string{"kill"}},
		{name: "os.Kill without both", signals: []os.Signal{os.Kill, term}, noStop: true, noKill: true},
		{name: "nil (G3)", signals: []os.Signal{nil, nil}},
		{name: "first after nil (G3)", signals: []os.Signal{nil, term, nil}, want: []string{"stop"}},
		{name: "incomparable", signals: []os.Signal{incomparable{1}}, want: []string{"stop"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				fake := newFakeServer()
				server := fake.server()
				if test.noStop {
					server.Stop = nil
				}
				if test.noKill {
					server.Kill = nil
				}
				run := start(t, server)
				synctest.Wait()
				for _, signal := range test.signals {
					run.signals <- signal
					synctest.Wait()
				}
				if want := append([]string{"serve"}, test.want...); !slices.Equal(fake.called(), want) {
					t.Errorf("called %v, want %v", fake.called(), want)
				}
				want := errBoom
				for _, signal := range test.signals {
					if signal != nil {
						want = nil
					}
				}
				close(fake.stop)
				close(fake.kill)
				close(fake.serve)
				run.exits(want)
				if want := append([]string{"serve"}, test.want...); !slices.Equal(fake.called(), want) {
					t.Errorf("called %v in the end, want %v", fake.called(), want)
				}
			})
		})
	}
}

func TestServerWaitsForAllThatItCalledR4(t *testing.T) {
	for _, signals := range [][]os.Signal{{term}, {os.Kill}, {term, term}} {
		synctest.Test(t, func(t *testing.T) {
			fake := newFakeServer()
			called := map[string]chan struct{}{"serve": fake.serve, "stop": fake.stop, "kill": fake.kill}
			run := start(t, fake.server())
			for _, signal := range signals {
				run.signals <- signal
				synctest.Wait()
			}
			for _, name := range fake.called() {
				if !run.isRunning() {
					t.Fatalf("%v: did not wait for %s", signals, name)
				}
				close(called[name])
			}
			run.exits(nil)
		})
	}
}

func TestServerKillsWhatIsLeftR4(t *testing.T) {
	for name, returned := range map[string]func(*fakeServer) chan struct{}{
		"Serve has returned, and Stop waits for what is under way": func(f *fakeServer) chan struct{} { return f.serve },
		"Stop has returned, and Serve does not":                    func(f *fakeServer) chan struct{} { return f.stop },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				fake := newFakeServer()
				run := start(t, fake.server())
				synctest.Wait()
				run.signals <- term
				synctest.Wait()
				close(returned(fake))
				if !run.isRunning() {
					t.Fatal("it does not wait")
				}
				run.signals <- term
				if want := []string{"serve", "stop", "kill"}; !slices.Equal(fake.called(), want) {
					t.Fatalf("called %v, want %v", fake.called(), want)
				}
				for _, channel := range []chan struct{}{fake.serve, fake.stop, fake.kill} {
					if !isClosed(channel) {
						close(channel)
					}
				}
				run.exits(nil)
			})
		})
	}
}

func TestServerThatIsSignaledBeforeItStartsStopsR4(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		serve := make(chan struct{})
		run := start(t, runners.Server{
			Serve: func() error { <-serve; return errBoom },
			Stop:  func() { close(serve) },
		}, term)
		run.exits(nil)
	})
}

func TestServerWithoutServeR4(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		run := start(t, runners.Server{Stop: func() {}, Kill: func() {}})
		run.exits(grouper.ErrNilRunner)
		if run.isReady() {
			t.Error("it was ready")
		}
	})
}

func TestServerIgnoresAClosedSignalsChannelG3(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		fake := newFakeServer()
		run := start(t, fake.server())
		close(run.signals)
		if !slices.Equal(fake.called(), []string{"serve"}) || !run.isRunning() {
			t.Errorf("called %v", fake.called())
		}
		close(fake.serve)
		run.exits(errBoom)
	})
}

func TestServerRunsAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		fake := newFakeServer()
		close(fake.serve)
		for range 2 {
			start(t, fake.server()).exits(errBoom)
		}
	})
}

func TestServerPassesPanicsAndGoexitOnG8(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stopped := false
		panics := runners.Server{Serve: func() error { panic("broken") }, Stop: func() { stopped = true }}
		var recovered any
		start(t, ifrit.RunFunc(func(signals <-chan os.Signal, ready chan<- struct{}) error {
			defer func() { recovered = recover() }()
			return panics.Run(signals, ready)
		})).exits(nil)
		synctest.Wait()
		if recovered != "broken" || stopped {
			t.Errorf("recovered %v, stopped: %v", recovered, stopped)
		}

		ends := runners.Server{Serve: func() error { runtime.Goexit(); return nil }, Stop: func() { stopped = true }}
		err := <-start(t, grouper.NewParallel(nil, grouper.Members{{Name: "api", Runner: ends}})).exit
		if failures := grouper.Failures(err); len(failures) != 1 || failures[0].Path != "api" || stopped {
			t.Errorf("failures %v, stopped: %v", failures, stopped)
		}
		if errors.Is(err, errBoom) {
			t.Error(err)
		}
	})
}
