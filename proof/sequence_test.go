package proof

import (
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-3b777528/grouper/proof/libraries"
)

// A difference is where a library does not do what the model says.
type difference struct {
	script        script // up to the event where it shows
	before, after model
	seen          view
	faults        []string
}

func (d *difference) String() string {
	return fmt.Sprintf("%v\nseen:     %+v\nexpected: %+v\nfaults: %q", d.script, d.seen, d.after.view(), d.faults)
}

// A sequence performs a script of single events, on the library and on the
// model: each event happens when everything has settled.
type sequence struct {
	*harness
	cancel chan struct{}
	models []model // more than one as long as it does not show which it is
	played script  // so far
}

// perform performs a script in a bubble, and returns the first difference.
func perform(s script, library libraries.Library) *difference {
	p := sequence{newHarness(s, library), make(chan struct{}), settledStates(s.model()), s}
	p.played.bursts = nil
	defer close(p.cancel)
	synctest.Wait()
	d := p.compare(p.models)
	for i := 0; i < len(s.bursts) && d == nil; i++ {
		d = p.step(s.bursts[i][0][0])
	}
	for e, more := p.closingEvent(); more && d == nil; e, more = p.closingEvent() {
		d = p.step(e)
	}
	if d != nil {
		p.windDown()
		return d
	}
	p.readUnread()
	return p.compare(p.models)
}

// step makes an event happen, in the library and in the model.
func (p *sequence) step(e event) *difference {
	e, _ = p.assignNumber(e)
	if !possible(p.models[0], e) {
		return nil
	}
	p.played.bursts = append(p.played.bursts, single(e))
	p.triggerAndSettle(e)
	before := p.models
	p.models = nil
	for _, m := range before {
		p.models = append(p.models, settledStates(m.apply(e))...)
	}
	return p.compare(before)
}

// settledStates returns the states in which a group may settle: one, unless the
// contract leaves an order open.
func settledStates(m model) []model {
	next := m.steps()
	for len(next) == 1 {
		m, next = next[0], next[0].steps()
	}
	if len(next) == 0 {
		return []model{m}
	}
	var all []model
	for m := range reachable(m, func(m model) (model, bool) { return m, true }) {
		if len(m.steps()) == 0 {
			all = append(all, m)
		}
	}
	return all
}

// compare keeps the states that agree with what is seen.
func (p *sequence) compare(before []model) *difference {
	seen := p.view()
	expected := p.models[0]
	p.models = slices.DeleteFunc(slices.Clone(p.models), func(m model) bool { return !m.view().allows(seen) })
	faults := p.allFaults()
	if len(p.models) > 0 && faults == nil {
		p.models = rested(p.models)
		return nil
	}
	return &difference{p.played, before[0], expected, seen, faults}
}

// rested returns the states in which the observers' trails begin anew. Some
// that were different are the same then.
func rested(models []model) (all []model) {
	for _, m := range models {
		if m = m.rest(); !slices.Contains(all, m) {
			all = append(all, m)
		}
	}
	return all
}

// windDown ends a group that does not do what the model says, if that is
// possible.
func (p *sequence) windDown() {
	for e, more := p.closingEvent(); more && len(p.played.bursts) < 100; e, more = p.closingEvent() {
		p.played.bursts = append(p.played.bursts, single(e))
		p.triggerAndSettle(e)
	}
}

func (p *sequence) triggerAndSettle(e event) {
	time.Sleep(tick)
	go func() {
		defer p.recoverFault()
		p.trigger(e, p.cancel)
	}()
	synctest.Wait()
}

// tick is how much time of the bubble is between two events.
const tick = time.Second

// allEvents is the scope of all events.
var allEvents = scope{ops: "rxshuinlefpcC", results: "nbg", signals: "it-", members: maxMembers, listeners: maxListeners}

// possible reports whether an event can happen: it may not, in a script that
// was shortened.
func possible(m model, e event) bool {
	for _, p := range m.events(allEvents) {
		if p == e || p.op == e.op && e.op == insert {
			return true
		}
	}
	return false
}

// both ways of running a group: observed, and not.
var both = []libraries.Library{libraries.Ours, libraries.Unobserved}

// inBubbles performs a script in both ways.
func inBubbles(t *testing.T, s script) *difference {
	for _, library := range both {
		if d := inBubble(t, s, library); d != nil {
			return d
		}
	}
	return nil
}

// inBubble performs a script. A group that cannot be ended makes the bubble
// panic.
func inBubble(t *testing.T, s script, library libraries.Library) (d *difference) {
	defer func() {
		if value := recover(); value != nil && d == nil {
			d = &difference{script: s, after: s.model(), faults: []string{fmt.Sprint(value)}}
		}
	}()
	synctest.Test(t, func(t *testing.T) { d = perform(s, library) })
	return d
}

// differs reports whether a sequential script fails.
func differs(t *testing.T) func(script) bool {
	return func(s script) bool { return inBubbles(t, s) != nil }
}

// shorten leaves out events, one at a time, as long as the script still fails.
func shorten(s script, fails func(script) bool) script {
	for b := range s.bursts {
		for a := range s.bursts[b] {
			for e := range s.bursts[b][a] {
				if shorter := s.without(b, a, e); fails(shorter) {
					return shorten(shorter, fails)
				}
			}
		}
	}
	return s
}
