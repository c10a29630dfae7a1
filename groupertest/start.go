// Package groupertest runs trees of package grouper in tests.
package groupertest

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/seed-3b777528/grouper"
	"github.com/tedsuo/ifrit"
)

// Start runs a runner, and blocks until it is ready. If the runner exits before
// that, the test fails at once, with the error or because there is none. When
// the test ends, the runner gets [os.Interrupt], and the test waits for its
// exit. If the runner exits with an error, then or earlier, the test fails.
//
// The only time limit is the test's own: shortly before its deadline, the test
// fails, and says which members are waited for, with the drawn tree if the
// runner is a group or has one inside a [grouper.Wrap] or a [grouper.Observe].
// That is ten minutes unless go test has a -timeout. Start also works in a bubble
// of [testing/synctest], where there is no limit.
//
// A runner that ends its goroutine with [runtime.Goexit], as [testing.TB.FailNow]
// does, has exited with an error.
//
// Call Start from the goroutine of the test. A nil runner fails the test with
// [grouper.ErrNilRunner].
func Start(t testing.TB, runner ifrit.Runner) ifrit.Process {
	t.Helper()
	process := ifrit.Background(whole{runner})
	expired, stop := beforeDeadline(t)
	defer stop()
	select {
	case <-process.Ready():
	case err := <-process.Wait():
		if !isClosed(process.Ready()) {
			t.Fatalf("the runner has exited before it was ready: %v", err)
		}
		report(t, err)
		return process
	case <-expired:
		t.Fatalf("the runner does not become ready\n%s", waiting(runner))
	}
	t.Cleanup(func() {
		expired, stop := beforeDeadline(t) // anew: the test may have come close to it
		defer stop()
		process.Signal(os.Interrupt)
		select {
		case err := <-process.Wait():
			report(t, err)
		case <-expired:
			t.Errorf("the runner does not exit\n%s", waiting(runner))
		}
	})
	return process
}

// A whole runner exits even if what is inside calls runtime.Goexit, as
// [testing.TB.FailNow] does.
type whole struct{ inside ifrit.Runner }

var errGoexit = errors.New("groupertest: the runner ended its goroutine with runtime.Goexit")

func (w whole) Run(signals <-chan os.Signal, ready chan<- struct{}) error {
	if w.inside == nil {
		return grouper.ErrNilRunner
	}
	exit := make(chan error)
	go func() {
		err := errGoexit
		defer func() {
			if cause := recover(); cause != nil {
				panic(cause) // ends the program, before the test can go on
			}
			exit <- err
		}()
		err = w.inside.Run(signals, ready)
	}()
	return <-exit
}

func report(t testing.TB, err error) {
	if err != nil {
		t.Errorf("the runner has exited with an error: %v", err)
	}
}

func isClosed(channel <-chan struct{}) bool {
	select {
	case <-channel:
		return true
	default:
		return false
	}
}

// beforeDeadline returns a channel from which a value comes shortly before the
// test's deadline, or nil if there is none.
func beforeDeadline(t testing.TB) (expired <-chan time.Time, stop func()) {
	deadline, ok := deadlineOf(t)
	if !ok {
		return nil, func() {}
	}
	left := time.Until(deadline)
	timer := time.NewTimer(left - min(left/10, 5*time.Second))
	return timer.C, func() { timer.Stop() }
}

// deadlineOf returns no deadline in a bubble, where the test must not be asked
// for it.
func deadlineOf(t testing.TB) (deadline time.Time, ok bool) {
	defer func() {
		if recover() != nil {
			ok = false
		}
	}()
	if t, hasDeadline := t.(interface{ Deadline() (time.Time, bool) }); hasDeadline {
		return t.Deadline()
	}
	return time.Time{}, false
}

// waiting says which members are waited for.
func waiting(runner ifrit.Runner) string {
	status, ok := grouper.Inspect(runner)
	if !ok {
		return "it is no group, so nobody can say what it waits for"
	}
	return fmt.Sprintf("waiting for %s\n%v", strings.Join(status.WaitingFor(), ", "), status)
}
