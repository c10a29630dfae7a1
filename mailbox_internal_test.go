package grouper

import (
	"runtime"
	"testing"
	"testing/synctest"
)

// I1, D5: an event that comes after a member's exit, such as its readiness that
// Inspect has seen just before, is no second exit.
func TestNewsAfterTheExitAreNone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, p := startAlone(Member{Name: "nobody"}, false)
		synctest.Wait()
		l.takeNews(new(parallel))
		p.mailbox.post(p)
		if again, exited, _ := l.mailbox.take(); again != nil || exited {
			t.Errorf("took the member again, exited: %v", exited)
		}
	})
}

// woken reports whether the loop is to look, and takes that away.
func (m *mailbox) woken() bool {
	select {
	case <-m.wake:
		return true
	default:
		return false
	}
}

// The loop is woken once as many members are listed as it has asked for, even if
// they were listed before it did; by an exit that it has to enter at any time;
// and never if nothing is listed.
func TestTheLoopIsWokenWhenItHasAskedForThat(t *testing.T) {
	m := &mailbox{wake: make(chan struct{}, 1), quorum: 2}
	step := func(what string, do func(), want bool) {
		t.Helper()
		if do(); m.woken() != want {
			t.Errorf("%s: woken is %v", what, !want)
		}
	}
	post := func() { m.post(new(process)) }
	exit := func() {
		if m.addEntered(&process{mailbox: m}, "") {
			m.ring()
		}
	}
	exitAlone := func() {
		if m.addExit(new(process)) {
			m.ring()
		}
	}
	takeAll := func() {
		for p, _, _ := m.take(); p != nil; p, _, _ = m.take() {
		}
	}
	step("the first of two that are asked for", post, false)
	step("the second one", exit, true)
	takeAll()
	step("nothing is listed", m.ringAgain, false)
	step("nothing is listed when one is asked for", func() { m.askFor(1) }, false)
	step("one of one", exit, true)
	takeAll()
	m.askFor(3)
	step("the first of three", exit, false)
	step("two are listed when three are asked for again", func() { exit(); m.askFor(3) }, false)
	step("two are listed when two are asked for", func() { m.askFor(2) }, true)
	step("some are left", m.ringAgain, true)
	takeAll()
	m.askFor(3)
	step("an exit that is not entered yet", exitAlone, true)
	takeAll()
	m.askFor(2)
	step("one is listed when one is asked for", func() { exit(); m.askFor(1) }, true)
}

// O1: the loop knows that there is news before an observer can see an exit. Here
// none sees it yet, because another goroutine has the lock of its gate.
func TestNewsIsThereBeforeAnExitIsSeen(t *testing.T) {
	m := &mailbox{wake: make(chan struct{}, 1), quorum: 1}
	seen := &gate{closed: true}
	p := &process{mailbox: m}
	p.observers = &observers{gate: seen}
	seen.mu.Lock()
	entered := make(chan struct{})
	go func() {
		m.addEntered(p, "")
		close(entered)
	}()
	for m.listed.Load() == 0 { // for ever, if observers come first
		runtime.Gosched()
	}
	seen.mu.Unlock()
	<-entered
}

// D5, P1: the loop waits for some members at once, for each only once, and no
// longer once a member has exited.
func TestTheLoopWaitsForAsManyMembersAsItHasPlaces(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, leaver := startAlone(Member{Name: "leaver"}, true)
		l.await(new(process))
		for range 2 {
			if !l.await(leaver) {
				t.Error("no place for the second member")
			}
		}
		for range len(l.awaiting) - 2 {
			if !l.await(new(process)) {
				t.Error("no place for another member")
			}
		}
		if l.await(new(process)) {
			t.Error("a place that there is not")
		}
		synctest.Wait()
		l.takeNews(new(parallel))
		if !l.await(new(process)) {
			t.Error("the member that has exited keeps its place")
		}
	})
}
