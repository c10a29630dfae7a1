package proof

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/anishathalye/porcupine"
	"github.com/seed-3b777528/grouper/proof/libraries"
)

// A history records what happens in a script, and when.
type history struct {
	*harness
	clock      atomic.Int64
	mu         sync.Mutex // guards operations
	operations []porcupine.Operation
}

// bothSchedules performs a script of bursts, observed and not, and returns what
// was wrong. If members are wrapped it takes the observer to tell what has
// happened: there are too many ways to come to the same end.
func bothSchedules(t *testing.T, s script) (operations int, faults []string) {
	libraries := both
	if s.wraps != 0 {
		libraries = both[:1]
	}
	for _, library := range libraries {
		n, faults := schedule(t, s, library)
		operations += n
		if faults != nil {
			return operations, faults
		}
	}
	return operations, nil
}

// schedule performs a script of bursts on a library.
func schedule(t *testing.T, s script, library libraries.Library) (operations int, faults []string) {
	h := &history{}
	defer func() {
		if value := recover(); value != nil {
			faults = append(faults, fmt.Sprint(value))
		}
	}()
	synctest.Test(t, func(*testing.T) {
		h.harness = newHarness(s, library)
		h.settle()
		for _, burst := range s.bursts {
			h.runBurst(burst)
		}
		for range 20 {
			if e, more := h.closingEvent(); more {
				h.runBurst(single(e))
			}
		}
		h.readUnread()
	})
	h.foresee()
	faults = h.allFaults()
	if !porcupine.CheckOperations(allowedFrom(s.model()), h.operations) {
		faults = append(faults, "the model allows no order of this")
	}
	return len(h.operations), faults
}

// runBurst triggers the events of a burst. Inserts that still block when
// everything has settled are canceled, so that their goroutines can go on.
func (h *history) runBurst(b burst) {
	time.Sleep(tick)
	var goroutines sync.WaitGroup
	var left atomic.Int32
	left.Store(int32(len(b)))
	cancel := make(chan struct{})
	for _, events := range b {
		goroutines.Go(func() {
			defer left.Add(-1)
			for _, e := range events {
				if h.applicable(e, len(b) == 1 && len(events) == 1) {
					h.record(e, cancel)
				}
			}
		})
	}
	h.settle()
	if left.Load() > 0 {
		close(cancel)
		goroutines.Wait()
		h.settle()
	}
}

// record triggers an event, and records when.
func (h *history) record(e event, cancel <-chan struct{}) {
	e, numbered := h.assignNumber(e)
	if !numbered {
		return
	}
	call := h.clock.Add(1)
	if e.op == insert || e.op == insertNil {
		h.write(e, nil, call)
		call = h.clock.Add(1)
		if h.trigger(e, cancel) {
			h.write(event{op: accepted, at: e.at}, nil, h.clock.Add(1))
		} else {
			h.write(event{op: withdraw, at: e.at}, nil, call)
		}
		return
	}
	if done := h.trigger(e, cancel); done || e.op == clientSignal || e.op == get {
		h.write(e, done, call)
	}
}

// settle waits until everything has settled, and records what is seen.
func (h *history) settle() {
	synctest.Wait()
	h.write(event{op: settled}, h.view(), h.clock.Add(1))
}

func (h *history) write(e event, output any, call int64) {
	operation := porcupine.Operation{Input: &input{event: e}, Output: output, Call: call, Return: h.clock.Add(1)}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.operations = append(h.operations, operation)
}
