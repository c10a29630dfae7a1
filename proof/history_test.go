package proof

import (
	"fmt"
	"slices"
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

// runBurst makes the events of a burst happen. Inserts that still block when
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

// record makes an event happen, and records when.
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

// An input is an operation, and what the observer will have been called with
// when everything settles next. States that do not agree with that lead nowhere.
type input struct {
	event
	records string
}

// foresee tells each operation what is observed by the end of its burst.
func (h *history) foresee() {
	records := ""
	for _, operation := range slices.Backward(h.operations) {
		if seen, ok := operation.Output.(view); ok {
			records = seen.observed
		}
		operation.Input.(*input).records = records
	}
}

// agrees reports whether what was observed may begin with what the model says
// so far. What is not observed is forgotten, so that states are the same.
func (i *input) agrees(m model) (model, bool) {
	if i.records == unobserved {
		return m.rest(), true
	}
	return m, m.observed().begins(i.records)
}

// allowedFrom is the model for Porcupine: its steps may happen between any two
// operations, and all of them have happened when everything has settled.
func allowedFrom(start model) porcupine.Model {
	allowed := porcupine.NondeterministicModel{
		Init: func() []any { return []any{start} },
		Step: func(state, in, output any) []any {
			var next []any
			i := in.(*input)
			for m := range reachable(state.(model), i.agrees) {
				if m, ok := afterOperation(m, i.event, output); ok {
					next = append(next, m)
				}
			}
			return next
		},
	}
	return allowed.ToModel()
}

// reachable returns the states that a group may come to by itself, through
// those that agree.
func reachable(m model, agrees func(model) (model, bool)) map[model]bool {
	all := map[model]bool{m: true}
	for left := []model{m}; len(left) > 0; left = left[1:] {
		for _, next := range left[0].steps() {
			next, ok := agrees(next)
			if ok && !all[next] {
				all[next] = true
				left = append(left, next)
			}
		}
	}
	return all
}

// afterOperation returns the state after an operation, if that can have the
// output.
func afterOperation(m model, e event, output any) (model, bool) {
	switch e.op {
	case settled:
		return m.rest(), len(m.steps()) == 0 && m.view().allows(output.(view))
	case accepted:
		return m, m.view().accepted[e.at]
	case withdraw:
		d := m.(dynamic)
		return d.apply(e), d.all[e.at].phase == waiting
	case get, clientSignal:
		return m.apply(e), (m.(dynamic).find(e.arg) >= 0) == output.(bool)
	}
	return m.apply(e), true
}
