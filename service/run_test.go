package service

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-3b777528/grouper"
	"github.com/seed-3b777528/grouper/fakes"
	"github.com/tedsuo/ifrit"
)

const forever = 24 * time.Hour

var errBoom = errors.New("boom")

// A log is what a service has logged.
type log struct {
	mu   sync.Mutex // guards text
	text bytes.Buffer
}

func (l *log) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(line)
}

func (l *log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// A trial is a service in a bubble.
type trial struct {
	t       *testing.T
	root    ifrit.Runner
	signals chan os.Signal
	log     log
	began   time.Time
	result  chan error
}

func try(t *testing.T, root ifrit.Runner, options Options) *trial {
	tr := &trial{t: t, root: root, signals: make(chan os.Signal, 1), began: time.Now(), result: make(chan error, 1)}
	options.Logger = slog.New(slog.NewTextHandler(&tr.log, nil))
	go func() { tr.result <- run(root, options.withDefaults(), tr.signals) }()
	synctest.Wait()
	return tr
}

func (tr *trial) signal(signal os.Signal) {
	tr.signals <- signal
	synctest.Wait()
}

// returned waits for the result, which must come after so long.
func (tr *trial) returned(after time.Duration) error {
	tr.t.Helper()
	select {
	case err := <-tr.result:
		if took := time.Since(tr.began); took != after {
			tr.t.Errorf("returned after %v, want %v", took, after)
		}
		return err
	case <-time.After(forever):
		tr.t.Fatal("has not returned")
		return nil
	}
}

func (tr *trial) gaveUp(after time.Duration, reason string, paths ...string) GaveUpError {
	tr.t.Helper()
	err := tr.returned(after)
	var gaveUp GaveUpError
	if !errors.As(err, &gaveUp) {
		tr.t.Fatalf("returned %v", err)
	}
	if gaveUp.Reason != reason || strings.Join(gaveUp.WaitingFor, ", ") != strings.Join(paths, ", ") {
		tr.t.Errorf("gave up because of %q, waiting for %q", gaveUp.Reason, gaveUp.WaitingFor)
	}
	var pointer *GaveUpError
	if !errors.As(err, &pointer) || pointer.Reason != reason {
		tr.t.Error("errors.As finds no pointer")
	}
	for _, path := range paths {
		if !strings.Contains(err.Error(), path) || !strings.Contains(tr.log.String(), path) {
			tr.t.Errorf("%s is not named by %q", path, err)
		}
	}
	return gaveUp
}

// stubborn is ready at once, records its signals, and exits only when released.
type stubborn struct {
	*fakes.Runner
	release chan struct{}
}

func newStubborn() stubborn { return stubborn{fakes.NewRunner(), make(chan struct{})} }

func (s stubborn) Run(signals <-chan os.Signal, ready chan<- struct{}) error {
	go func() {
		<-s.release
		s.TriggerExit(nil)
	}()
	go s.TriggerReady()
	return s.Runner.Run(signals, ready)
}

func tree(members ...grouper.Member) ifrit.Runner {
	return grouper.NewOrdered(syscall.SIGTERM, members)
}

var worker = grouper.WorkerFunc(func(ctx context.Context) error {
	<-ctx.Done()
	return ctx.Err()
})

// T1, T8: a signal stops the root, whose result is that of Run.
func TestSignalStopsTheRoot(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tr := try(t, tree(grouper.Member{Name: "worker", Runner: worker}), Options{})
		tr.signal(syscall.SIGTERM)
		if err := tr.returned(0); err != nil {
			t.Error(err)
		}
		for _, line := range []string{"service ready", "member ready", "service stopping", "member exited", "service exited"} {
			if !strings.Contains(tr.log.String(), `msg="`+line+`"`) {
				t.Errorf("the log has no %q:\n%s", line, &tr.log)
			}
		}
	})
}

// T8: what the root returns by itself is what Run returns.
func TestRootFailsByItself(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		failing := grouper.WorkerFunc(func(context.Context) error { return errBoom })
		if err := try(t, tree(grouper.Member{Name: "failing", Runner: failing}), Options{}).returned(0); !errors.Is(err, errBoom) {
			t.Error(err)
		}
		if err := try(t, nil, Options{}).returned(0); !errors.Is(err, grouper.ErrNilRunner) {
			t.Error(err)
		}
	})
}

// T2: the root gets the signal when the drain is over, or somebody is in a hurry.
func TestDrain(t *testing.T) {
	for name, test := range map[string]struct {
		signals []os.Signal
		after   time.Duration
		got     os.Signal
	}{
		"SIGTERM waits":           {[]os.Signal{syscall.SIGTERM}, 5 * time.Second, syscall.SIGTERM},
		"Interrupt does not":      {[]os.Signal{os.Interrupt}, 0, os.Interrupt},
		"a second signal ends it": {[]os.Signal{syscall.SIGTERM, syscall.SIGTERM}, 0, syscall.SIGTERM},
		"the root gets the first": {[]os.Signal{syscall.SIGTERM, os.Interrupt}, 0, syscall.SIGTERM},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				got := make(chan os.Signal, 1)
				member := ifrit.RunFunc(func(signals <-chan os.Signal, ready chan<- struct{}) error {
					close(ready)
					got <- <-signals
					return nil
				})
				tr := try(t, tree(grouper.Member{Name: "member", Runner: member}), Options{Drain: 5 * time.Second})
				for _, signal := range test.signals {
					tr.signal(signal)
				}
				if err := tr.returned(test.after); err != nil {
					t.Error(err)
				}
				if signal := <-got; signal != test.got {
					t.Errorf("the root got %v", signal)
				}
			})
		})
	}
}

// T2: before the root is ready there is no drain, and if it begins to stop by
// itself the drain is over.
func TestNoDrain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		never := grouper.ContextFunc(func(ctx context.Context, _ func()) error { <-ctx.Done(); return nil })
		tr := try(t, tree(grouper.Member{Name: "never", Runner: never}), Options{Drain: time.Hour})
		tr.signal(syscall.SIGTERM)
		if err := tr.returned(0); err != nil {
			t.Error(err)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		leaver := fakes.NewRunner()
		tr := try(t, tree(grouper.Member{Name: "leaver", Runner: leaver}), Options{Drain: time.Hour})
		leaver.TriggerReady()
		synctest.Wait()
		tr.signal(syscall.SIGTERM)
		time.Sleep(time.Minute)
		leaver.TriggerExit(errBoom)
		if err := tr.returned(time.Minute); !errors.Is(err, errBoom) {
			t.Error(err)
		}
	})
}

// T3: at the end of Grace the stop is forced, whatever began it; Force later Run
// gives up.
func TestGrace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stuck := newStubborn()
		tr := try(t, tree(grouper.Member{Name: "stuck", Runner: stuck}), Options{Grace: 30 * time.Second})
		tr.signal(syscall.SIGTERM)
		gaveUp := tr.gaveUp(31*time.Second, "the stop took longer than 30s", "stuck")
		if gaveUp.Err != nil || gaveUp.Status.State != grouper.StateStopping || !strings.Contains(gaveUp.Stacks, "fakes.(*Runner).Run") {
			t.Errorf("gave up with %+v", gaveUp)
		}
		if signals := stuck.Signals(); len(signals) != 2 || signals[1] != os.Kill {
			t.Errorf("the member got %v", signals)
		}
		close(stuck.release)
	})
	synctest.Test(t, func(t *testing.T) {
		stuck, leaver := newStubborn(), fakes.NewRunner()
		tr := try(t, tree(grouper.Member{Name: "stuck", Runner: stuck}, grouper.Member{Name: "leaver", Runner: leaver}), Options{Grace: 30 * time.Second})
		time.Sleep(time.Hour)
		leaver.TriggerExit(errBoom)
		time.Sleep(30*time.Second + time.Second/2)
		close(stuck.release)
		gaveUp := tr.gaveUp(time.Hour+30*time.Second+time.Second/2, "the stop took longer than 30s", "stuck")
		if !errors.Is(gaveUp, errBoom) {
			t.Errorf("gave up with %v", gaveUp.Err)
		}
	})
}

// T3: a second signal forces, and a third one gives up at once. A forced stop is
// no success.
func TestMoreSignals(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stuck := newStubborn()
		tr := try(t, tree(grouper.Member{Name: "stuck", Runner: stuck}), Options{})
		tr.signal(syscall.SIGTERM)
		tr.signal(syscall.SIGTERM)
		close(stuck.release)
		if gaveUp := tr.gaveUp(0, "a second signal", "stuck"); gaveUp.Err != nil {
			t.Error(gaveUp.Err)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		stuck := newStubborn()
		tr := try(t, tree(grouper.Member{Name: "stuck", Runner: stuck}), Options{Force: time.Hour})
		for range 3 {
			tr.signal(syscall.SIGTERM)
		}
		tr.gaveUp(0, "a second signal", "stuck")
		close(stuck.release)
	})
}

// T3: after a stop that no signal began, the first one is for the root.
func TestFirstSignalOfAStopThatNoneBegan(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stuck, leaver := newStubborn(), fakes.NewRunner()
		tr := try(t, tree(grouper.Member{Name: "stuck", Runner: stuck}, grouper.Member{Name: "leaver", Runner: leaver}), Options{})
		leaver.TriggerExit(errBoom)
		synctest.Wait()
		tr.signal(os.Interrupt)
		time.Sleep(time.Hour)
		if signals := stuck.Signals(); len(signals) != 2 || signals[0] != syscall.SIGTERM || signals[1] != os.Interrupt {
			t.Errorf("the member got %v", signals)
		}
		tr.signal(os.Interrupt)
		tr.gaveUp(time.Hour+time.Second, "a second signal", "stuck")
		close(stuck.release)
	})
}

// T4: a start that takes too long is a stop, and no success, even if that stop
// has to be forced.
func TestStartUp(t *testing.T) {
	for _, stubborn := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			release := make(chan struct{})
			never := ifrit.RunFunc(func(signals <-chan os.Signal, _ chan<- struct{}) error {
				if signal := <-signals; signal != syscall.SIGTERM {
					t.Errorf("the root got %v", signal)
				}
				if stubborn {
					<-release
				}
				return errBoom
			})
			tr := try(t, tree(grouper.Member{Name: "never", Runner: never}), Options{StartUp: time.Minute, Grace: time.Minute})
			after := time.Minute
			if stubborn {
				after += time.Minute + time.Second
			}
			gaveUp := tr.gaveUp(after, "the start took longer than 1m0s", "never")
			if gaveUp.Status.State != grouper.StateStarting || errors.Is(gaveUp, errBoom) == stubborn {
				t.Errorf("gave up with %+v", gaveUp)
			}
			close(release)
		})
	}
	synctest.Test(t, func(t *testing.T) {
		tr := try(t, tree(grouper.Member{Name: "worker", Runner: worker}), Options{StartUp: time.Minute})
		time.Sleep(time.Hour)
		tr.signal(syscall.SIGTERM)
		if err := tr.returned(time.Hour); err != nil {
			t.Error(err)
		}
	})
}

// T5: while the root starts or stops, it is logged who is waited for.
func TestPatience(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slow := fakes.NewRunner()
		tr := try(t, tree(grouper.Member{Name: "slow", Runner: slow}), Options{Patience: time.Second})
		waits := func() int { return strings.Count(tr.log.String(), "msg=waiting") }
		time.Sleep(3*time.Second + time.Second/2)
		if waits() != 3 || !strings.Contains(tr.log.String(), "members=[slow]") {
			t.Errorf("the log says:\n%s", &tr.log)
		}
		slow.TriggerReady()
		time.Sleep(time.Hour)
		if waits() != 3 {
			t.Errorf("the log says, while the root is ready:\n%s", &tr.log)
		}
		tr.signal(syscall.SIGTERM)
		time.Sleep(2*time.Second + time.Second/2)
		slow.TriggerExit(nil)
		synctest.Wait()
		if waits() != 5 {
			t.Errorf("the log says:\n%s", &tr.log)
		}
	})
}

// T6: the stacks are those of the members that are waited for, and of what is
// below them.
func TestStacksOfTheCulpritsOnly(t *testing.T) {
	root := tree(
		grouper.Member{Name: "a", Runner: grouper.WorkerFunc(blockedInA)},
		grouper.Member{Name: "ab", Runner: grouper.WorkerFunc(blockedInB)},
	)
	process := ifrit.Invoke(root)
	stacks := stacksOf([]string{"a"})
	if !strings.Contains(stacks, "blockedInA") || strings.Contains(stacks, "blockedInB") {
		t.Errorf("the stacks of a:\n%s", stacks)
	}
	if stacks := stacksOf(nil); stacks != "" {
		t.Errorf("the stacks of nobody:\n%s", stacks)
	}
	process.Signal(os.Interrupt)
	<-process.Wait()
}

func blockedInA(ctx context.Context) error { <-ctx.Done(); return nil }
func blockedInB(ctx context.Context) error { <-ctx.Done(); return nil }

// T7: if the server cannot listen, nothing is started.
func TestAdminCannotListen(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	runner := fakes.NewRunner()
	if err := Run(runner, Options{Admin: listener.Addr().String(), Signals: []os.Signal{}}); err == nil || runner.Starts() != 0 {
		t.Errorf("returned %v, after %d starts", err, runner.Starts())
	}
}

// T2, T7: the server answers from before the root starts until Run returns, and
// says no at once when a signal comes.
func TestAdmin(t *testing.T) {
	var text log
	signals, result := make(chan os.Signal), make(chan error)
	slow := fakes.NewRunner()
	root := tree(grouper.Member{Name: "slow", Runner: slow})
	options := Options{
		Admin: "127.0.0.1:0", Drain: forever, Logger: slog.New(slog.NewTextHandler(&text, nil)),
		AdminHandler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "the user's") }),
	}
	go func() { result <- run(root, options.withDefaults(), signals) }()
	slow.WaitForStart()
	_, address, _ := strings.Cut(text.String(), "address=")
	address, _, _ = strings.Cut(address, "\n")
	get := func(path string) (int, string) {
		response, err := http.Get("http://" + address + path)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		body, _ := io.ReadAll(response.Body)
		return response.StatusCode, string(body)
	}
	if code, body := get("/readyz"); code != 503 || !strings.HasPrefix(body, "starting\nslow\n") {
		t.Errorf("/readyz while starting: %d %q", code, body)
	}
	if code, body := get("/other"); code != 200 || body != "the user's" {
		t.Errorf("/other: %d %q", code, body)
	}
	slow.TriggerReady()
	for code, _ := get("/readyz"); code != 200; code, _ = get("/readyz") {
	}
	signals <- syscall.SIGTERM
	for code, _ := get("/readyz"); code == 200; code, _ = get("/readyz") {
	} // Run has the signal, but may not have looked at it yet
	if code, body := get("/readyz"); code != 503 || body != "draining\n" {
		t.Errorf("/readyz while draining: %d %q", code, body)
	}
	signals <- syscall.SIGTERM
	slow.WaitForSignal()
	if code, body := get("/readyz"); code != 503 || !strings.HasPrefix(body, "stopping\n") {
		t.Errorf("/readyz while stopping: %d %q", code, body)
	}
	slow.TriggerExit(nil)
	if err := <-result; err != nil {
		t.Error(err)
	}
	if _, err := net.Dial("tcp", address); err == nil {
		t.Error("the server still answers")
	}
}
