package fakes_test

import (
	"errors"
	"os"
	"slices"
	"syscall"
	"testing"
	"testing/synctest"

	"github.com/seed-3b777528/grouper/fakes"
	"github.com/tedsuo/ifrit"
)

var errBoom = errors.New("boom")

func isClosed(channel <-chan struct{}) bool {
	select {
	case <-channel:
		return true
	default:
		return false
	}
}

// The waiting calls return by themselves: this test runs in no bubble.
func TestRunnerIsDrivenByHand(t *testing.T) {
	runner := fakes.NewRunner()
	for run := 1; run <= 3; run++ {
		process := ifrit.Background(runner)
		runner.WaitForStart()
		if runner.Starts() != run || !runner.Running() {
			t.Fatalf("run %d: %d starts, running: %v", run, runner.Starts(), runner.Running())
		}
		if isClosed(process.Ready()) || len(runner.Signals()) > 0 {
			t.Fatal("ready or signaled before anybody made it so")
		}
		runner.TriggerReady()
		<-process.Ready()
		runner.TriggerReady()

		process.Signal(syscall.SIGHUP)
		if signal := runner.WaitForSignal(); signal != syscall.SIGHUP {
			t.Fatalf("got %v first", signal)
		}
		process.Signal(os.Interrupt)
		if signal := runner.WaitForSignal(); signal != os.Interrupt {
			t.Fatalf("got %v second", signal)
		}
		if want := []os.Signal{syscall.SIGHUP, os.Interrupt}; !slices.Equal(runner.Signals(), want) {
			t.Fatalf("signals %v, want %v", runner.Signals(), want)
		}

		runner.TriggerExit(errBoom)
		if err := <-process.Wait(); err != errBoom {
			t.Fatalf("exited with %v", err)
		}
		if runner.Running() {
			t.Fatal("still running")
		}
	}
}

func TestRunnerWaitsToBeDriven(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		runner := fakes.NewRunner()
		started := false
		go func() {
			runner.WaitForStart()
			started = true
			runner.TriggerExit(nil)
		}()
		synctest.Wait()
		if started {
			t.Fatal("WaitForStart returned before the start")
		}
		exited := false
		go func() {
			if err := runner.Run(nil, nil); err != nil {
				t.Error(err)
			}
			exited = true
		}()
		synctest.Wait()
		if !started || !exited {
			t.Fatalf("started: %v, exited: %v", started, exited)
		}
	})
}

func TestRunnerToleratesClosedSignalsAndNoReadyChannel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		runner := fakes.NewRunner()
		signals := make(chan os.Signal)
		close(signals)
		go runner.Run(signals, nil)
		synctest.Wait()
		runner.TriggerReady()
		synctest.Wait()
		if len(runner.Signals()) > 0 || !runner.Running() {
			t.Fatalf("signals %v, running: %v", runner.Signals(), runner.Running())
		}
		runner.TriggerExit(nil)
	})
}

func TestRunnerTellsSignalsOfTheLatestRunFromOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		runner := fakes.NewRunner()
		earlier, latest := make(chan os.Signal), make(chan os.Signal)
		for _, signals := range []chan os.Signal{earlier, latest} {
			go runner.Run(signals, nil)
			synctest.Wait()
		}
		earlier <- syscall.SIGHUP
		synctest.Wait()
		if len(runner.Signals()) > 0 {
			t.Errorf("signals %v before the latest run got any", runner.Signals())
		}
		latest <- os.Interrupt
		if signal := runner.WaitForSignal(); signal != os.Interrupt {
			t.Errorf("got %v first", signal)
		}
		runner.TriggerExit(nil)
		runner.TriggerExit(nil)
	})
}

func TestTryReadyDoesNotWaitForAStart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		runner := fakes.NewRunner()
		if runner.TryReady() {
			t.Error("ready before the first start")
		}
		process := ifrit.Background(runner)
		synctest.Wait()
		if isClosed(process.Ready()) {
			t.Error("the try before the start made it ready")
		}
		for range 2 {
			if !runner.TryReady() {
				t.Error("not ready while it runs")
			}
		}
		<-process.Ready()
		runner.TriggerExit(nil)
		<-process.Wait()
		if runner.TryReady() {
			t.Error("ready after the exit")
		}
	})
}

func TestTriggersWaitForAStart(t *testing.T) {
	for name, trigger := range map[string]func(*fakes.Runner){
		"ready": (*fakes.Runner).TriggerReady,
		"exit":  func(runner *fakes.Runner) { runner.TriggerExit(errBoom) },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				runner := fakes.NewRunner()
				triggered := make(chan struct{})
				go func() {
					trigger(runner)
					close(triggered)
				}()
				synctest.Wait()
				if isClosed(triggered) {
					t.Error("it did not wait for the start")
				}
				process := ifrit.Background(runner)
				<-triggered
				if name == "ready" {
					<-process.Ready()
					runner.TriggerExit(errBoom)
				}
				if err := <-process.Wait(); err != errBoom {
					t.Errorf("exited with %v", err)
				}
			})
		})
	}
}

func TestTriggersReachTheLatestOfTheRunsThatAreLeft(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		runner := fakes.NewRunner()
		var processes []ifrit.Process
		for range 3 {
			processes = append(processes, ifrit.Background(runner))
			synctest.Wait()
		}
		for i, process := range slices.Backward(processes) {
			runner.TriggerReady()
			runner.TryReady()
			synctest.Wait()
			for j, other := range processes {
				if isClosed(other.Ready()) != (j >= i) {
					t.Errorf("run %d: ready is %v while run %d is the latest", j, !(j >= i), i)
				}
			}
			runner.TriggerExit(errBoom)
			if err := <-process.Wait(); err != errBoom {
				t.Errorf("run %d exited with %v", i, err)
			}
		}
	})
}

func TestIdleIsReadyAtOnceAndExitsOnItsFirstSignal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		runner := fakes.Idle()
		for range 2 {
			signals := make(chan os.Signal, 1)
			ready, exit := make(chan struct{}), make(chan error, 1)
			go func() { exit <- runner.Run(signals, ready) }()
			<-ready
			signals <- nil
			synctest.Wait()
			if len(exit) > 0 {
				t.Error("exited without a signal")
			}
			signals <- syscall.SIGHUP
			if err := <-exit; err != nil {
				t.Errorf("exited with %v", err)
			}
		}
	})
}
