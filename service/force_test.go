package service

import (
	"errors"
	"os"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-3b777528/grouper"
	"github.com/seed-3b777528/grouper/fakes"
)

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
