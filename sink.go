package grouper

import (
	"os"
	"sync"
	"time"
)

// A step is an event before its observer gets it. What costs time is left to the
// observer's goroutine.
type step struct {
	path      string
	run       int
	state     State
	at, since instant // since is 0 if nothing was before it
	signal    os.Signal
	err       error
}

// event returns the event, given any time of its clock.
func (s *step) event(now time.Time) Event {
	event := Event{
		Path: s.path, Run: s.run, State: s.state, At: s.at.time(now), Signal: s.signal, Err: s.err,
	}
	if s.since != 0 {
		event.After = time.Duration(s.at - s.since)
	}
	return event
}

// A wallClock is read once a second, and not once an event.
type wallClock struct {
	read  time.Time
	until instant
}

// at returns a time that is at most a second older than an instant that has been.
func (w *wallClock) at(i instant) time.Time {
	if w.read.IsZero() || i > w.until {
		w.read, w.until = time.Now(), now()+instant(time.Second)
	}
	return w.read
}

// observers are the observers of a place, from the innermost one outwards. Nil
// means none.
type observers struct {
	sink  *sink // nil if this is a gate
	skip  int   // how much of a path leads to what the sink observes
	gate  *gate
	outer *observers
}

// tell does not keep the step.
func (o *observers) tell(path string, s *step) {
	for ; o != nil; o = o.outer {
		if o.gate != nil {
			o.gate.tell(o.outer, path, s)
			return
		}
		o.sink.add(path[min(o.skip, len(path)):], s)
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

func (g *gate) tell(outer *observers, path string, s *step) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.closed {
		outer.tell(path, s)
	}
}

func (g *gate) close() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.closed = true
}

// A sink holds the steps of one run of an Observe until its observer takes
// them, in a goroutine of its own.
type sink struct {
	ended chan struct{} // closed when the observer is called no more

	mu      sync.Mutex // guards what follows
	changed sync.Cond
	steps   fifo[step]
	closed  bool // nothing comes any more
	dead    bool // the observer's goroutine has ended
}

func newSink(observer func(Event)) *sink {
	s := &sink{ended: make(chan struct{})}
	s.changed.L = &s.mu
	go s.run(observer)
	return s
}

// run is the observer's goroutine. It takes all the steps that are there at
// once, to stay out of the way of whoever adds more. After a panic of the observer
// it does not end the sink: the program is about to end.
func (s *sink) run(observer func(Event)) {
	_ = call(func() error {
		var steps fifo[step]
		var wall wallClock
		for s.takeAll(&steps) {
			for next, more := steps.pop(); more; next, more = steps.pop() {
				observer(next.event(wall.at(next.at)))
			}
		}
		return nil
	}, func(_ error, panicked bool) {
		if !panicked {
			s.end()
		}
	})
}

// end discards the steps that are left, and all later ones, after a Goexit.
func (s *sink) end() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.dead, s.steps = true, fifo[step]{}
	close(s.ended)
}

// takeAll exchanges an empty fifo, whose memory is used again, for the steps
// that are there, and reports whether there are any. It blocks until there are
// some, or nothing comes any more.
func (s *sink) takeAll(steps *fifo[step]) (some bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for s.steps.empty() && !s.closed {
		s.changed.Wait()
	}
	*steps, s.steps = s.steps, *steps
	return !steps.empty()
}

func (s *sink) add(path string, added *step) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.dead {
		place := s.steps.grow()
		*place = *added
		place.path = path
		s.changed.Signal()
	}
}

// close ends the sink once the observer has returned from the last event.
func (s *sink) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	s.changed.Signal()
}
