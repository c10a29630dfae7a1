package grouper

import "sync"

// observers are those of a place, from the innermost one outwards. Nil is
// nobody.
type observers struct {
	sink  *sink // nil if this is a gate
	skip  int   // how much of a path leads to what the sink observes
	gate  *gate
	outer *observers
}

func (o *observers) tell(path string, event Event) {
	for ; o != nil; o = o.outer {
		if o.gate != nil {
			outer := o.outer
			o.gate.pass(func() { outer.tell(path, event) })
			return
		}
		event.Path = path[min(o.skip, len(path)):]
		o.sink.add(event)
	}
}

// A gate lets pass what happens inside a wrapper, until that has returned (W2).
type gate struct {
	mu     sync.Mutex // guards what follows, and is held while anything passes
	closed bool
}

func (g *gate) pass(f func()) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.closed {
		f()
	}
}

// isOpen is for what may come late, and must not hold the lock.
func (g *gate) isOpen() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return !g.closed
}

func (g *gate) close() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.closed = true
}

// A sink holds the events of one run of an Observe until its observer takes
// them, in a goroutine of its own.
type sink struct {
	ended chan struct{} // closed when the observer is called no more

	mu      sync.Mutex // guards what follows
	changed sync.Cond
	events  fifo[Event]
	closed  bool // no events come any more
	dead    bool // the observer's goroutine has ended
}

func newSink(observer func(Event)) *sink {
	s := &sink{ended: make(chan struct{})}
	s.changed.L = &s.mu
	go s.run(observer)
	return s
}

// run is the observer's goroutine. If the observer panics, nobody may go on as
// if it had ended: the program is about to.
func (s *sink) run(observer func(Event)) {
	_ = call(func() error {
		for event, more := s.next(); more; event, more = s.next() {
			observer(event)
		}
		return nil
	}, func(_ error, panicked bool) {
		if !panicked {
			s.end()
		}
	})
}

// end lets go of the events that come, or are there, after a Goexit.
func (s *sink) end() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.dead, s.events = true, fifo[Event]{}
	close(s.ended)
}

func (s *sink) next() (event Event, more bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	event, more = s.events.pop()
	for !more && !s.closed {
		s.changed.Wait()
		event, more = s.events.pop()
	}
	return event, more
}

func (s *sink) add(event Event) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.dead {
		s.events.push(event)
		s.changed.Signal()
	}
}

// close says that no events come any more. The sink ends when the observer has
// returned from the last one.
func (s *sink) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	s.changed.Signal()
}
