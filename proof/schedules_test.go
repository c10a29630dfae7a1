package proof

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/anishathalye/porcupine"
	"github.com/seed-3b777528/grouper/proof/libraries"
)

var schedules = flag.Int("schedules", 5000, "how many random scripts TestSchedules performs")

// TestSchedules performs random scripts whose events come in bursts, at once
// from several goroutines. What was seen must be what the model allows, for
// some order of the events that agrees with when they happened.
func TestSchedules(t *testing.T) {
	var performed, operations atomic.Int64
	inLanes(t, *schedules, func(t *testing.T, seed uint64) {
		s := concurrent(rand.New(rand.NewPCG(seed, 0)).IntN)
		n, faults := schedule(t, s)
		performed.Add(1)
		operations.Add(int64(n))
		if faults != nil {
			t.Fatalf("-seed %d: %v: %q\nshortest: -run Replay -script '%v'", seed, s, faults,
				shorten(s, failsAtTimes(t)))
		}
	})
	fmt.Printf("schedules: %d scripts, %d operations and rests\n", performed.Load(), operations.Load())
}

// failsAtTimes tells whether a script fails when it is tried often enough.
func failsAtTimes(t *testing.T) func(script) bool {
	return func(s script) bool {
		for range 300 {
			if _, faults := schedule(t, s); faults != nil {
				return true
			}
		}
		return false
	}
}

// concurrent makes a script of bursts. Whether an event is possible shows when
// it is to happen: if not, it is left out.
func concurrent(choose func(n int) int) script {
	s := head(choose)
	for _, op := range []op{listen, run} {
		if s.kind == 'd' && choose(4) > 0 {
			s.bursts = append(s.bursts, alone(event{op: op}))
		}
	}
	for range 1 + choose(5) {
		var b burst
		for range 1 + choose(3) {
			var events []event
			for range 1 + choose(3) {
				events = append(events, anyEvent(s.kind, choose))
			}
			b = append(b, events)
		}
		s.bursts = append(s.bursts, b)
	}
	return s
}

func anyEvent(kind byte, choose func(n int) int) event {
	ops := "rrrxss"
	if kind == 'd' {
		ops = "rrrxsiiiiipggcuefn"
	}
	e := event{op: op(ops[choose(len(ops))])}
	switch e.op {
	case becomeReady:
		e.at = choose(most)
	case exit:
		e.at, e.arg = choose(most), "nbg"[choose(3)]
	case signal:
		e.arg = "it-"[choose(3)]
	case insert, poke, get:
		e.arg = "abc"[choose(3)]
	}
	return e
}

// A history is what happened in a script, and when.
type history struct {
	*stage
	clock      atomic.Int64
	mu         sync.Mutex // guards operations
	operations []porcupine.Operation
}

// schedule performs a script of bursts, and gives what was wrong.
func schedule(t *testing.T, s script) (operations int, faults []string) {
	h := &history{}
	defer func() {
		if value := recover(); value != nil {
			faults = append(faults, fmt.Sprint(value))
		}
	}()
	synctest.Test(t, func(*testing.T) {
		h.stage = newStage(s, libraries.Ours)
		h.rest()
		for _, burst := range s.bursts {
			h.happen(burst)
		}
		for range 20 {
			if e, more := h.end(); more {
				h.happen(alone(e))
			}
		}
		h.readUnread()
	})
	h.faults.Range(func(fault, _ any) bool {
		faults = append(faults, fault.(string))
		return true
	})
	if !porcupine.CheckOperations(allowedFrom(s.model()), h.operations) {
		faults = append(faults, "the model allows no order of this")
	}
	return len(h.operations), faults
}

// happen makes a burst happen. Inserts that are still waiting when it has come
// to rest are given up, so that their goroutines can go on.
func (h *history) happen(b burst) {
	var actors sync.WaitGroup
	var left atomic.Int32
	left.Store(int32(len(b)))
	giveUp := make(chan struct{})
	for _, events := range b {
		actors.Go(func() {
			defer left.Add(-1)
			for _, e := range events {
				if h.suits(e, len(b) == 1 && len(events) == 1) {
					h.record(e, giveUp)
				}
			}
		})
	}
	h.rest()
	if left.Load() > 0 {
		close(giveUp)
		actors.Wait()
		h.rest()
	}
}

// record makes an event happen, and writes down when.
func (h *history) record(e event, giveUp <-chan struct{}) {
	e, numbered := h.number(e)
	if !numbered {
		return
	}
	call := h.clock.Add(1)
	if e.op == insert || e.op == insertNil {
		h.write(e, nil, call)
		call = h.clock.Add(1)
		if h.do(e, giveUp) {
			h.write(event{op: accepted, at: e.at}, nil, h.clock.Add(1))
		} else {
			h.write(event{op: withdraw, at: e.at}, nil, call)
		}
		return
	}
	if done := h.do(e, giveUp); done || e.op == poke || e.op == get {
		h.write(e, done, call)
	}
}

// rest waits until nothing happens any more, and writes down what is seen.
func (h *history) rest() {
	synctest.Wait()
	h.write(event{op: rest}, h.view(), h.clock.Add(1))
}

func (h *history) write(e event, output any, call int64) {
	operation := porcupine.Operation{Input: e, Output: output, Call: call, Return: h.clock.Add(1)}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.operations = append(h.operations, operation)
}

// allowedFrom is the model for Porcupine: what it does by itself may happen
// between any two operations, and all of it has happened at rest.
func allowedFrom(start model) porcupine.Model {
	allowed := porcupine.NondeterministicModel{
		Init: func() []any { return []any{start} },
		Step: func(state, input, output any) []any {
			var next []any
			for m := range reachable(state.(model)) {
				if m, ok := afterOperation(m, input.(event), output); ok {
					next = append(next, m)
				}
			}
			return next
		},
	}
	return allowed.ToModel()
}

// reachable gives the states that a group may come to by itself.
func reachable(m model) map[model]bool {
	all := map[model]bool{m: true}
	for left := []model{m}; len(left) > 0; left = left[1:] {
		for _, next := range left[0].steps() {
			if !all[next] {
				all[next] = true
				left = append(left, next)
			}
		}
	}
	return all
}

// afterOperation gives the state after an operation, if its output can be.
func afterOperation(m model, e event, output any) (model, bool) {
	switch e.op {
	case rest:
		return m, len(m.steps()) == 0 && m.view().allows(output.(view))
	case accepted:
		return m, m.view().accepted[e.at]
	case withdraw:
		d := m.(dynamic)
		return d.apply(e), d.members[e.at].phase == waiting
	case get, poke:
		return m.apply(e), (m.(dynamic).find(e.arg) >= 0) == output.(bool)
	}
	return m.apply(e), true
}
