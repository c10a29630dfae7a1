package runners_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"slices"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cenkalti/backoff/v5"
	"github.com/seed-3b777528/grouper"
	"github.com/seed-3b777528/grouper/fakes"
	"github.com/seed-3b777528/grouper/runners"
	"github.com/tedsuo/ifrit"
)

func listen(t *testing.T) net.Listener {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return listener
}

func get(t *testing.T, address string) string {
	t.Helper()
	response, err := http.Get("http://" + address)
	if err != nil {
		return err.Error()
	}
	defer response.Body.Close()
	text, _ := io.ReadAll(response.Body)
	return string(text)
}

// R1, R2: it serves when it is ready; a request under way ends after the first
// signal, and then the port is free.
func TestHTTPShutsDown(t *testing.T) {
	entered, leave, answered := make(chan struct{}), make(chan struct{}), make(chan string)
	listener := listen(t)
	address := listener.Addr().String()
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		close(entered)
		<-leave
		fmt.Fprint(w, "served")
	})}
	r := start(t, runners.HTTP(server, listener))
	<-r.ready
	go func() { answered <- get(t, address) }()
	<-entered
	r.signals <- syscall.SIGTERM
	close(leave)
	if text := <-answered; text != "served" {
		t.Errorf("the request under way got %q", text)
	}
	r.exits(nil)
	again, err := net.Listen("tcp", address)
	if err != nil {
		t.Fatalf("the port is not free: %v", err)
	}
	again.Close()
}

// R2: os.Kill, or a second signal, cuts requests off, and waits for no handler.
func TestHTTPCutsOff(t *testing.T) {
	for name, signals := range map[string][]os.Signal{
		"os.Kill": {os.Kill}, "a second signal": {syscall.SIGTERM, syscall.SIGTERM},
	} {
		t.Run(name, func(t *testing.T) {
			entered, leave, answered := make(chan struct{}), make(chan struct{}), make(chan string)
			defer close(leave)
			listener := listen(t)
			server := &http.Server{Handler: http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
				close(entered)
				<-leave
			})}
			r := start(t, runners.HTTP(server, listener))
			<-r.ready
			go func() { answered <- get(t, listener.Addr().String()) }()
			<-entered
			for _, signal := range signals {
				r.signals <- signal
			}
			r.exits(nil)
			<-answered
		})
	}
}

// R1, R3: if listening fails it exits with that error, and that was its run.
func TestHTTPCannotListen(t *testing.T) {
	listener := listen(t)
	defer listener.Close()
	server := runners.HTTP(&http.Server{Addr: listener.Addr().String()}, nil)
	r := start(t, server)
	if err := <-r.exit; !errors.Is(err, syscall.EADDRINUSE) {
		t.Errorf("exited with %v", err)
	}
	if isClosed(r.ready) {
		t.Error("it was ready")
	}
	r = start(t, server)
	if err := <-r.exit; !errors.Is(err, grouper.ErrRunTwice) {
		t.Errorf("the second run exited with %v", err)
	}
}

// R3: a second run at the same time disturbs nothing.
func TestHTTPRunTwice(t *testing.T) {
	listener := listen(t)
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "served") })}
	runner := runners.HTTP(server, listener)
	first := start(t, runner)
	<-first.ready
	if err := <-start(t, runner).exit; !errors.Is(err, grouper.ErrRunTwice) {
		t.Errorf("the second run exited with %v", err)
	}
	if text := get(t, listener.Addr().String()); text != "served" {
		t.Errorf("got %q", text)
	}
	first.signals <- os.Interrupt
	first.exits(nil)
	if err := <-start(t, runners.HTTP(nil, nil)).exit; !errors.Is(err, grouper.ErrNilRunner) {
		t.Errorf("no server exits with %v", err)
	}
}

// R5: open makes it ready, and close comes after a signal.
func TestOpenClose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		closed := false
		r := start(t, runners.OpenClose(
			func(context.Context) error { time.Sleep(time.Minute); return nil },
			func(ctx context.Context) error { closed = true; time.Sleep(time.Minute); return errBoom }))
		if r.isReady() {
			t.Error("it is ready before it is open")
		}
		time.Sleep(time.Minute)
		if !r.isReady() || closed {
			t.Errorf("ready: %v, closed: %v", r.isReady(), closed)
		}
		r.signals <- term
		if !r.isRunning() || !closed {
			t.Error("it has not begun to close")
		}
		time.Sleep(time.Minute)
		r.exits(errBoom)
	})
}

// R5: the context of open is done at the first signal; the interruption is no
// error, and there is nothing to close.
func TestOpenIsInterrupted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := start(t, runners.OpenClose(
			func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() },
			func(context.Context) error { t.Error("it is closed"); return nil }), term)
		r.exits(nil)
		r = start(t, runners.OpenClose(
			func(context.Context) error { return errBoom },
			func(context.Context) error { t.Error("it is closed"); return nil }))
		r.exits(errBoom)
		if r.isReady() {
			t.Error("it was ready")
		}
	})
}

// R5: what is open is closed, even if open returned after the signal. C3 does
// not apply to close.
func TestCloseAfterALateOpen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := start(t, runners.OpenClose(
			func(ctx context.Context) error { <-ctx.Done(); return nil },
			func(context.Context) error { return context.Canceled }), term)
		r.exits(context.Canceled)
	})
}

// R5: the context of close is done at os.Kill or a second signal.
func TestCloseIsInterrupted(t *testing.T) {
	for _, signals := range [][]os.Signal{{os.Kill}, {term, term}} {
		synctest.Test(t, func(t *testing.T) {
			r := start(t, runners.OpenClose(nil, func(ctx context.Context) error {
				<-ctx.Done()
				return errBoom
			}), signals...)
			r.exits(errBoom)
		})
	}
	synctest.Test(t, func(t *testing.T) {
		r := start(t, runners.OpenClose(nil, nil))
		if !r.isReady() {
			t.Error("it is not ready")
		}
		r.signals <- term
		r.exits(nil)
	})
}

// R6: it calls at once and then at each interval, and a call that takes longer
// delays the next one to the next tick.
func TestEvery(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		var calls []time.Duration
		r := start(t, runners.Every(time.Minute, func(ctx context.Context) error {
			calls = append(calls, time.Since(began))
			switch len(calls) {
			case 2:
				time.Sleep(150 * time.Second)
			case 4:
				<-ctx.Done()
				time.Sleep(time.Second)
				return ctx.Err()
			}
			return nil
		}))
		if !r.isReady() {
			t.Error("it is not ready at once")
		}
		time.Sleep(time.Hour)
		r.signals <- term
		r.exits(nil)
		if want := []time.Duration{0, time.Minute, 4 * time.Minute, 5 * time.Minute}; !slices.Equal(calls, want) {
			t.Errorf("called after %v", calls)
		}
		if after := time.Since(began); after != time.Hour+time.Second {
			t.Errorf("exited after %v", after)
		}
	})
}

// R6: errors, and bad input.
func TestEveryFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start(t, runners.Every(time.Minute, func(context.Context) error { return errBoom })).exits(errBoom)
		if err := <-start(t, runners.Every(time.Minute, nil)).exit; !errors.Is(err, grouper.ErrNilRunner) {
			t.Error(err)
		}
		for _, interval := range []time.Duration{0, -1} {
			r := start(t, runners.Every(interval, func(context.Context) error { t.Error("called"); return nil }))
			if err := <-r.exit; err == nil || r.isReady() {
				t.Errorf("exited with %v", err)
			}
		}
	})
}

// aSecond is a backoff of one second each.
func aSecond() backoff.BackOff { return backoff.NewConstantBackOff(time.Second) }

// R7, R8: it runs again after an error, after a pause, is ready once, and the
// tree shows it.
func TestRestart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		flaky := fakes.NewRunner()
		root := grouper.NewOrdered(nil, grouper.Members{{Name: "flaky", Runner: runners.Restart(flaky, runners.Policy{Backoff: aSecond})}})
		r := start(t, root)
		flaky.WaitForStart()
		flaky.TriggerExit(errBoom)
		time.Sleep(time.Second)
		flaky.WaitForStart()
		if r.isReady() {
			t.Error("it was ready before any run was")
		}
		flaky.TriggerReady()
		if !r.isReady() {
			t.Error("it is not ready")
		}
		flaky.TriggerExit(errBoom)
		synctest.Wait()
		status, _ := grouper.Inspect(root)
		if wrapped := status.Members[0].Wrapped; status.Ready() || wrapped == nil || wrapped.Runs != 2 || wrapped.Err != errBoom {
			t.Errorf("the tree shows %+v", wrapped)
		}
		time.Sleep(time.Second)
		flaky.WaitForStart()
		r.signals <- term
		if signal := flaky.WaitForSignal(); signal != term {
			t.Errorf("it got %v", signal)
		}
		flaky.TriggerExit(nil)
		r.exits(nil)
		if flaky.Starts() != 3 {
			t.Errorf("it was started %d times", flaky.Starts())
		}
	})
}

func failing(err error) ifrit.Runner {
	return grouper.WorkerFunc(func(context.Context) error { return err })
}

// R7: a signal during a pause ends it at once, with nil; one before the exit was
// seen makes that exit the exit.
func TestRestartIsStopped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := start(t, runners.Restart(failing(errBoom), runners.Policy{Backoff: func() backoff.BackOff { return backoff.NewConstantBackOff(time.Hour) }}))
		synctest.Wait()
		began := time.Now()
		r.signals <- term
		r.exits(nil)
		if time.Since(began) != 0 {
			t.Error("the pause was not ended")
		}
		stopped := grouper.WorkerFunc(func(ctx context.Context) error { <-ctx.Done(); return errBoom })
		r = start(t, runners.Restart(stopped, runners.Policy{}))
		synctest.Wait()
		r.signals <- nil
		r.signals <- term
		r.exits(errBoom)
		start(t, runners.Restart(fakes.NewRunner(), runners.Policy{}), nil, term).exits(nil)
	})
}

// R7: giving up says so, wraps the last error, and comes without a pause.
func TestRestartGivesUp(t *testing.T) {
	for name, test := range map[string]struct {
		policy runners.Policy
		after  time.Duration
	}{
		"after Most":            {runners.Policy{Backoff: aSecond, Most: 3}, 3 * time.Second},
		"after Most in Within":  {runners.Policy{Backoff: aSecond, Most: 3, Within: time.Minute}, 3 * time.Second},
		"a backoff that stops":  {runners.Policy{Backoff: func() backoff.BackOff { return &backoff.StopBackOff{} }}, 0},
		"Most, after any pause": {runners.Policy{Backoff: aSecond, Most: 1}, time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				began := time.Now()
				err := <-start(t, runners.Restart(failing(errBoom), test.policy)).exit
				if !errors.Is(err, errBoom) || err == errBoom {
					t.Errorf("exited with %v", err)
				}
				if took := time.Since(began); took != test.after {
					t.Errorf("gave up after %v", took)
				}
			})
		})
	}
	synctest.Test(t, func(t *testing.T) {
		always := func(error) bool { return true }
		err := <-start(t, runners.Restart(failing(nil), runners.Policy{Backoff: aSecond, Most: 1, Again: always})).exit
		if err == nil || errors.Unwrap(err) != nil {
			t.Errorf("exited with %v", err)
		}
	})
}

// R7: restarts count only within Within.
func TestRestartsWithin(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := start(t, runners.Restart(failing(errBoom), runners.Policy{Backoff: aSecond, Most: 3, Within: 3 * time.Second}))
		time.Sleep(time.Hour)
		if !r.isRunning() {
			t.Error("it gave up")
		}
		r.signals <- term
		r.exits(nil)
	})
}

// R7: some exits are never followed by another run, and Again decides on others.
func TestRestartNotAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		always := runners.Policy{Again: func(error) bool { return true }}
		start(t, runners.Restart(failing(nil), runners.Policy{})).exits(nil)
		start(t, runners.Restart(failing(errBoom), runners.Policy{Again: func(error) bool { return false }})).exits(errBoom)
		for _, last := range []error{grouper.ErrNilRunner, grouper.ErrRunTwice} {
			if err := <-start(t, runners.Restart(failing(fmt.Errorf("x: %w", last)), always)).exit; !errors.Is(err, last) {
				t.Error(err)
			}
		}
		if err := <-start(t, runners.Restart(nil, always)).exit; !errors.Is(err, grouper.ErrNilRunner) {
			t.Error(err)
		}
	})
}

// R7: a run that was ready for Healthy makes the backoff start anew.
func TestRestartIsHealthy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var began []time.Time
		flaky := grouper.WorkerFunc(func(ctx context.Context) error {
			began = append(began, time.Now())
			if len(began) == 3 {
				time.Sleep(time.Minute)
			}
			if len(began) == 4 {
				<-ctx.Done()
			}
			return errBoom
		})
		r := start(t, runners.Restart(flaky, runners.Policy{Backoff: func() backoff.BackOff { return &growing{} }}))
		time.Sleep(time.Hour)
		r.signals <- term
		r.exits(errBoom)
		for i, want := range []time.Duration{time.Second, 2 * time.Second, time.Minute + time.Second} {
			if pause := began[i+1].Sub(began[i]); pause != want {
				t.Errorf("run %d began %v after the one before", i+2, pause)
			}
		}
	})
}

// growing is a backoff of one second, then two, and so on.
type growing struct{ pauses int }

func (g *growing) NextBackOff() time.Duration {
	g.pauses++
	return time.Duration(g.pauses) * time.Second
}

func (g *growing) Reset() { g.pauses = 0 }
