package proof

import (
	"slices"

	"github.com/anishathalye/porcupine"
)

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
// states that agree.
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
