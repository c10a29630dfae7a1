package grouper

import "sync"

// observers are the observers of a place, from the innermost one outwards. Nil
// means none.
type observers struct {
	sink  *sink // nil if this is a gate
	gate  *gate
	outer *observers
}

// newStep returns a step for tell. What is behind a gate may still run when the
// sink has ended and another one uses its page.
func (o *observers) newStep() *step {
	if o.gate != nil {
		return new(step)
	}
	return o.sink.newStep()
}

// tell takes the step over. The sink that it is from gets it last, since its
// observer ends its use.
func (o *observers) tell(s *step) {
	if o.gate != nil {
		o.gate.tell(o.outer, s)
		return
	}
	if o.outer != nil {
		copied := o.outer.newStep()
		*copied = *s
		o.outer.tell(copied)
	}
	o.sink.add(s)
}

// cork keeps the observers asleep until uncork, whoever adds steps.
func (o *observers) cork() {
	for ; o != nil; o = o.outer {
		if o.sink != nil {
			o.sink.corks.Add(1)
		}
	}
}

func (o *observers) uncork() {
	for ; o != nil; o = o.outer {
		if o.sink != nil {
			o.sink.uncork()
		}
	}
}

// A gate lets steps inside a wrapper pass until the wrapper has returned (W2).
type gate struct {
	mu     sync.Mutex // guards what follows, and is held while anything passes
	closed bool
}

// isOpen is for callers that may come late, and cannot hold the lock.
func (g *gate) isOpen() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return !g.closed
}

func (g *gate) tell(outer *observers, s *step) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.closed {
		outer.tell(s)
	}
}

func (g *gate) close() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.closed = true
}
