package groupertest_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-3b777528/grouper"
	"github.com/seed-3b777528/grouper/fakes"
	"github.com/seed-3b777528/grouper/groupertest"
	"github.com/tedsuo/ifrit"
)

// failing is the variable that makes the tests below fail.
const failing = "GROUPERTEST_FAILING"

var errBoom = errors.New("boom")

var members = grouper.Members{{Name: "idle", Runner: fakes.Idle()}}

// K1: the runner is ready when Start returns, and has exited at the test's end.
func TestStart(t *testing.T) {
	var exited bool
	t.Run("with a runner", func(t *testing.T) {
		runner := grouper.ContextFunc(func(ctx context.Context, ready func()) error {
			ready()
			<-ctx.Done()
			if cause := context.Cause(ctx); cause != (grouper.SignalError{Signal: os.Interrupt}) {
				t.Errorf("stopped because of %v", cause)
			}
			exited = true
			return nil
		})
		process := groupertest.Start(t, runner)
		select {
		case <-process.Ready():
		default:
			t.Error("it is not ready")
		}
	})
	if !exited {
		t.Error("it has not exited")
	}
}

// K1: it works in a bubble, where there is no deadline.
func TestStartInABubble(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slow := grouper.ContextFunc(func(ctx context.Context, ready func()) error {
			time.Sleep(time.Hour)
			ready()
			<-ctx.Done()
			time.Sleep(time.Hour)
			return nil
		})
		groupertest.Start(t, grouper.NewOrdered(os.Interrupt, append(members, grouper.Member{Name: "slow", Runner: slow})))
	})
}

// K1: a test whose runner has exited by itself, with nil, passes.
func TestStartOfWhatEndsByItself(t *testing.T) {
	runner := fakes.NewRunner()
	go runner.TriggerReady()
	process := groupertest.Start(t, runner)
	runner.TriggerExit(nil)
	<-process.Wait()
}

// K1: as the example shows it.
func TestTheServiceSaysHello(t *testing.T) { testTheServiceSaysHello(t) }

func exitsWith(err error) ifrit.Runner {
	return grouper.ContextFunc(func(context.Context, func()) error { return err })
}

func unreadyGroup() ifrit.Runner {
	return grouper.NewParallel(os.Interrupt, append(members, grouper.Member{Name: "never", Runner: never}))
}

var never = ifrit.RunFunc(func(<-chan os.Signal, chan<- struct{}) error { select {} })

var deaf = ifrit.RunFunc(func(_ <-chan os.Signal, ready chan<- struct{}) error {
	close(ready)
	select {}
})

// K1: the tests that fail do so in child processes.
func TestFailures(t *testing.T) {
	for name, test := range map[string]struct {
		run  func(t *testing.T)
		says []string
	}{
		"an error before it is ready": {
			func(t *testing.T) { groupertest.Start(t, exitsWith(errBoom)); t.Error("went on") },
			[]string{"exited before it was ready: boom"},
		},
		"an exit before it is ready": {
			func(t *testing.T) { groupertest.Start(t, exitsWith(nil)); t.Error("went on") },
			[]string{"exited before it was ready: <nil>"},
		},
		"no runner": {
			func(t *testing.T) { groupertest.Start(t, nil); t.Error("went on") },
			[]string{grouper.ErrNilRunner.Error()},
		},
		"a runner that fails the test": {
			func(t *testing.T) {
				groupertest.Start(t, ifrit.RunFunc(func(<-chan os.Signal, chan<- struct{}) error { t.FailNow(); return nil }))
				t.Error("went on")
			},
			[]string{"exited before it was ready: groupertest: the runner ended its goroutine with runtime.Goexit"},
		},
		"an error at the end": {
			func(t *testing.T) {
				groupertest.Start(t, grouper.ContextFunc(func(ctx context.Context, ready func()) error {
					ready()
					<-ctx.Done()
					return errBoom
				}))
			},
			[]string{"exited with an error: boom"},
		},
		"a group that does not become ready": {
			func(t *testing.T) { groupertest.Start(t, unreadyGroup()); t.Error("went on") },
			[]string{"does not become ready", "waiting for never", "<- waiting"},
		},
		"a group that does not exit": {
			func(t *testing.T) {
				groupertest.Start(t, grouper.NewParallel(os.Interrupt, append(members, grouper.Member{Name: "deaf", Runner: deaf})))
			},
			[]string{"does not exit", "waiting for deaf", "<- waiting"},
		},
		"a runner that does not exit": {
			func(t *testing.T) { groupertest.Start(t, deaf) },
			[]string{"does not exit", "no group"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if os.Getenv(failing) != "" {
				test.run(t)
				return
			}
			child := exec.Command(os.Args[0], "-test.run=^TestFailures$/^"+strings.ReplaceAll(name, " ", "_")+"$", "-test.timeout=10s")
			child.Env = append(os.Environ(), failing+"=yes")
			output, err := child.CombinedOutput()
			if err == nil {
				t.Errorf("the test has passed:\n%s", output)
			}
			for _, text := range append(test.says, "--- FAIL") {
				if !strings.Contains(string(output), text) {
					t.Errorf("it does not say %q:\n%s", text, output)
				}
			}
			for _, text := range []string{"went on", "panic: test timed out"} {
				if strings.Contains(string(output), text) {
					t.Errorf("it says %q:\n%s", text, output)
				}
			}
		})
	}
}
