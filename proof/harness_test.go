package proof

import (
	"fmt"
	"os"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/seed-3b777528/grouper"
	"github.com/seed-3b777528/grouper/proof/libraries"
	"github.com/tedsuo/ifrit"
)

// A harness runs a script's group on a library, triggers the script's events
// (trigger_test.go), and collects what users see (seen_test.go). It
// works in a bubble. Its methods may be called concurrently, except view and
// reset, which need everything to have settled.
type harness struct {
	script  script
	library libraries.Library
	group   ifrit.Runner
	client  libraries.Client // of a dynamic group

	runState  // of a static group, its latest run
	inserted  atomic.Int32
	listening atomic.Int32
	refusals  atomic.Int32
	faults    sync.Map // what is wrong whatever the model says
	numbers   sync.Map // of members by their Runners, if they are wrapped

	listeners [2][maxListeners]*listener // of entrances, of exits
	unread    []*listener                // pairs: one to be read at the end, and its counterpart

	mu            sync.Mutex // guards what follows
	ran           bool
	recorders     []*recorder // of the runs that were not refused
	signalsClosed bool
	insertsClosed bool
}

// A runState is one run of the group, with the members' runners.
type runState struct {
	signals chan os.Signal
	ready   chan struct{}
	exited  chan struct{}
	err     error
	runners [maxMembers]scriptedRunner
}

func newHarness(script script, library libraries.Library) *harness {
	h := &harness{script: script, library: library}
	if script.isDynamic() {
		h.group, h.client = library.Dynamic(toSignal(script.termination), script.capacity, script.buffer)
	} else {
		var members grouper.Members
		for i := range script.size {
			members = append(members, h.member(i, byte('a'+i), i == script.noRunner))
		}
		h.group = newStatic(library, script.kind)(toSignal(script.termination), members)
	}
	h.reset()
	if !script.isDynamic() {
		h.run()
	}
	return h
}

func newStatic(library libraries.Library, kind byte) func(os.Signal, grouper.Members) ifrit.Runner {
	switch kind {
	case 'p':
		return library.Parallel
	case 'o':
		return library.Ordered
	default:
		return library.QueueOrdered
	}
}

// reset prepares a new run of the group.
func (h *harness) reset() {
	buffer := 0
	if !h.script.isDynamic() {
		buffer = h.script.buffer
	}
	h.runState = runState{signals: make(chan os.Signal, buffer), ready: make(chan struct{}), exited: make(chan struct{})}
	for i := range h.runners {
		h.runners[i].result = make(chan byte, 1)
	}
	h.signalsClosed, h.recorders = false, nil
}

// run runs the group. A dynamic one may refuse (D10): of concurrent runs, it may
// accept any one.
func (h *harness) run() {
	h.mu.Lock()
	h.ran = true
	h.mu.Unlock()
	state := &h.runState
	group, recorder := h.observe()
	go func() {
		defer h.recoverFault()
		err := group.Run(state.signals, state.ready)
		if err != nil && h.script.isDynamic() {
			h.refuse(recorder, err)
			return
		}
		state.err = err
		close(state.exited)
	}()
}

// observe returns what is to be run in place of the group: each run has an
// observer of its own, unless the library has none.
func (h *harness) observe() (ifrit.Runner, *recorder) {
	if h.library.Observe == nil {
		return h.group, nil
	}
	r := new(recorder)
	h.mu.Lock()
	defer h.mu.Unlock()
	h.recorders = append(h.recorders, r)
	return h.library.Observe(h.group, r.observe), r
}

// refuse takes the return of a run that was refused (D10). By then its observer
// has been called with all there was (V5).
func (h *harness) refuse(r *recorder, err error) {
	h.refusals.Add(1)
	if r == nil {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.recorders = slices.DeleteFunc(h.recorders, func(other *recorder) bool { return other == r })
	events := r.soFar()
	if len(events) != 2 || events[0].State != grouper.StateStarting || events[1].State != grouper.StateExited || events[1].Err != err {
		h.fault("V1: a refused run returned %v and had the events %+v", err, events)
	}
}

// recoverFault, when deferred, turns a panic into a fault.
func (h *harness) recoverFault() {
	if value := recover(); value != nil {
		h.fault("panic: %v", value)
	}
}

func (h *harness) fault(format string, args ...any) {
	h.faults.Store(fmt.Sprintf(format, args...), true)
}

// allFaults returns the faults so far.
func (h *harness) allFaults() (faults []string) {
	h.faults.Range(func(fault, _ any) bool {
		faults = append(faults, fault.(string))
		return true
	})
	return faults
}

// closingEvent returns the next event that brings the group closer to its end,
// after any script.
func (h *harness) closingEvent() (e event, more bool) {
	switch {
	case h.script.isDynamic() && !isClosed(h.client.CloseNotifier()):
		return event{op: closeGroup}, true
	case h.script.isDynamic() && !h.ran:
		return event{op: run}, true
	case isClosed(h.exited):
		return event{}, false
	}
	for i := range h.runners {
		if h.runners[i].isRunning() {
			return event{op: exit, at: i, arg: noError}, true
		}
	}
	return event{op: signal, arg: interrupt}, !h.signalsClosed
}

func isClosed[T any](channel <-chan T) bool {
	select {
	case <-channel:
		return true
	default:
		return false
	}
}
