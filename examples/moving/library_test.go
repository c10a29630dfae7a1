package moving

import (
	"context"
	"errors"
	"os"
	"testing"
	"testing/synctest"

	"github.com/seed-3b777528/grouper"
	"github.com/seed-3b777528/grouper/runners"
	"github.com/tedsuo/ifrit"
	"github.com/thejerf/suture/v4"
	"go.uber.org/fx"
)

var errFailed = errors.New("failed")

type serve func(context.Context) error

func (s serve) Serve(ctx context.Context) error { return s(ctx) }

// Suture leaves a service behind that does not stop in time.
func TestSutureGivesUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release, exited := make(chan struct{}), false
		supervisor := suture.New("deaf", suture.Spec{EventHook: func(suture.Event) {}})
		supervisor.Add(serve(func(context.Context) error {
			<-release
			exited = true
			return nil
		}))
		ctx, cancel := context.WithCancel(t.Context())
		done := supervisor.ServeBackground(ctx)
		synctest.Wait()
		cancel()
		if err := <-done; !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
		if left, err := supervisor.UnstoppedServiceReport(); len(left) != 1 || exited {
			t.Errorf("left %v, %v, exited: %v", left, err, exited)
		}
		close(release)
	})
}

// Suture recovers a panic, and starts the service again.
func TestSutureRecoversPanics(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		starts := make(chan int, 2)
		supervisor := suture.New("panicking", suture.Spec{EventHook: func(suture.Event) {}})
		supervisor.Add(serve(func(ctx context.Context) error {
			starts <- 1
			if len(starts) == 1 {
				panic("once")
			}
			<-ctx.Done()
			return nil
		}))
		ctx, cancel := context.WithCancel(t.Context())
		done := supervisor.ServeBackground(ctx)
		synctest.Wait()
		if len(starts) != 2 {
			t.Errorf("started %d times", len(starts))
		}
		cancel()
		<-done
	})
}

// Fx gives up on a hook when its context is done.
func TestFxGivesUp(t *testing.T) {
	begun, release := make(chan struct{}), make(chan struct{})
	app := fx.New(fx.NopLogger, fx.Invoke(func(lifecycle fx.Lifecycle) {
		lifecycle.Append(fx.StopHook(func() {
			close(begun)
			<-release
		}))
	}))
	if err := app.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-begun
		cancel()
	}()
	if err := app.Stop(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	close(release)
}

// runs returns a Runner that fails so many times, and then is ready and runs
// until it is signaled.
func runs(failures int) ifrit.Runner {
	return grouper.ContextFunc(func(ctx context.Context, ready func()) error {
		if failures--; failures >= 0 {
			return errFailed
		}
		ready()
		<-ctx.Done()
		return nil
	})
}

// Restart looks at the readiness of every run, so an ordered group goes on.
func TestARestartedMember(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		group := grouper.NewOrdered(os.Interrupt, grouper.Members{
			{Name: "failing", Runner: runners.Restart(runs(3), runners.Policy{})},
			{Name: "next", Runner: runs(0)},
		})
		process := ifrit.Invoke(group)
		status, _ := grouper.Inspect(group)
		if wrapped := status.Members[0].Wrapped; !status.Ready() || wrapped.Runs != 4 {
			t.Errorf("the group is\n%v", status)
		}
		process.Signal(os.Interrupt)
		if err := <-process.Wait(); err != nil {
			t.Error(err)
		}
	})
}

func TestASupervisorAsAMember(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		starts := 0
		supervisor := suture.New("workers", suture.Spec{EventHook: func(suture.Event) {}})
		supervisor.Add(serve(func(ctx context.Context) error {
			if starts++; starts <= 3 {
				return errFailed
			}
			<-ctx.Done()
			return nil
		}))
		process := ifrit.Invoke(grouper.NewOrdered(os.Interrupt, grouper.Members{
			{Name: "store", Runner: runs(0)},
			{Name: "workers", Runner: Supervised(supervisor)},
		}))
		synctest.Wait()
		process.Signal(os.Interrupt)
		if err := <-process.Wait(); err != nil || starts != 4 {
			t.Errorf("%v after %d starts", err, starts)
		}
	})
}
