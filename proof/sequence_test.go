package proof

import (
	"fmt"
	"slices"
	"testing"
	"testing/synctest"

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

// A sequence is a script of which each event happens when the one before has
// come to rest, and what the model makes of it.
type sequence struct {
	*stage
	giveUp chan struct{}
	models []model // more than one where it is not seen yet which it is
	played script
}

// perform performs a script in a bubble, and gives the first difference.
func perform(s script, library libraries.Library) *difference {
	p := sequence{newStage(s, library), make(chan struct{}), []model{s.model()}, s}
	p.played.bursts = nil
	defer close(p.giveUp)
	synctest.Wait()
	if d := p.compare(p.models); d != nil {
		p.abandon()
		return d
	}
	for _, burst := range s.bursts {
		if d := p.follow(burst[0][0]); d != nil {
			p.abandon()
			return d
		}
	}
	for e, more := p.end(); more; e, more = p.end() {
		if d := p.follow(e); d != nil {
			p.abandon()
			return d
		}
	}
	p.readUnread()
	return p.compare(p.models)
}

// follow makes an event happen, in the library and in the model.
func (p *sequence) follow(e event) *difference {
	e, _ = p.number(e)
	if !possible(p.models[0], e) {
		return nil
	}
	p.played.bursts = append(p.played.bursts, alone(e))
	p.happen(e)
	before := p.models
	p.models = nil
	for _, m := range before {
		p.models = append(p.models, rests(m.apply(e))...)
	}
	return p.compare(before)
}

// rests gives the states in which a group may come to rest: one, unless the
// contract leaves an order open.
func rests(m model) []model {
	next := m.steps()
	for len(next) == 1 {
		m, next = next[0], next[0].steps()
	}
	if len(next) == 0 {
		return []model{m}
	}
	var all []model
	for m := range reachable(m) {
		if len(m.steps()) == 0 {
			all = append(all, m)
		}
	}
	return all
}

// compare leaves the states that agree with what is seen.
func (p *sequence) compare(before []model) *difference {
	seen := p.view()
	expected := p.models[0]
	p.models = slices.DeleteFunc(slices.Clone(p.models), func(m model) bool { return !m.view().allows(seen) })
	var faults []string
	p.faults.Range(func(fault, _ any) bool {
		faults = append(faults, fault.(string))
		return true
	})
	if len(p.models) > 0 && faults == nil {
		return nil
	}
	return &difference{p.played, before[0], expected, seen, faults}
}

// abandon brings a group to its end that does not do what the model says, if
// it can be brought there.
func (p *sequence) abandon() {
	for e, more := p.end(); more && len(p.played.bursts) < 100; e, more = p.end() {
		p.played.bursts = append(p.played.bursts, alone(e))
		p.happen(e)
	}
}

func (p *sequence) happen(e event) {
	go func() {
		defer p.note()
		p.do(e, p.giveUp)
	}()
	synctest.Wait()
}

// everything is the scope of all events.
var everything = scope{ops: "rxshuinlefpcC", results: "nbg", signals: "it-", members: most, ears: ears}

// possible tells whether an event of a script can happen, which may have been
// changed to find a shorter one.
func possible(m model, e event) bool {
	for _, p := range m.events(everything) {
		if p == e || p.op == e.op && e.op == insert {
			return true
		}
	}
	return false
}

// inBubble performs a script. A group that cannot be brought to its end makes
// the bubble panic.
func inBubble(t *testing.T, s script, library libraries.Library) (d *difference) {
	defer func() {
		if value := recover(); value != nil && d == nil {
			d = &difference{script: s, after: s.model(), faults: []string{fmt.Sprint(value)}}
		}
	}()
	synctest.Test(t, func(t *testing.T) { d = perform(s, library) })
	return d
}

// differs tells whether a sequential script fails.
func differs(t *testing.T) func(script) bool {
	return func(s script) bool { return inBubble(t, s, libraries.Ours) != nil }
}

// shorten gives the shortest script that still fails, as far as leaving out
// events one at a time can tell.
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
