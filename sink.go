package grouper

import (
	"os"
	"sync"
	"sync/atomic"
	"time"
)

// A step is an event before its observer gets it. What costs time is left to the
// observer's goroutine.
type step struct {
	of        *lifecycle // nil if no step follows
	state     State
	at, since instant // since is 0 if nothing was before it
	signal    os.Signal
	err       error
	link      *step // to the one before it in a sink, and to the next one once taken
}

// steps are used again: allocating them takes more stack than a loop has left,
// and more time.
var steps = sync.Pool{New: func() any { return new(step) }}

func newStep() *step { return steps.Get().(*step) }

func (s *step) copy() *step {
	c := newStep()
	*c = *s
	return c
}

// recycle ends the use of a step, and returns the next one.
func (s *step) recycle() (next *step) {
	next = s.link
	*s = step{}
	steps.Put(s)
	return next
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
	gate  *gate
	outer *observers
}

// tell takes the step over.
func (o *observers) tell(s *step) {
	for ; o != nil; o = o.outer {
		switch {
		case o.gate != nil:
			o.gate.tell(o.outer, s)
			return
		case o.outer != nil:
			o.sink.add(s.copy())
		default:
			o.sink.add(s)
		}
	}
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

// A sink holds the steps of one run of an Observe until its observer takes
// them, in a goroutine of its own. Adding a step takes no lock, so that members
// whose steps come at once do not wait for each other. Waking the observer takes
// more time than that: a loop corks the sink until it has handled an event.
type sink struct {
	skip   int                  // how much of a path leads to what is observed
	latest atomic.Pointer[step] // the first of a list
	corks  atomic.Int32         // while there are any, adding a step wakes nobody
	wake   chan struct{}        // has one element while the observer is to look
	ended  chan struct{}        // closed when the observer is called no more
}

// dead is the latest step of a sink that takes no more.
var dead step

func newSink(skip int, observer func(Event)) *sink {
	s := &sink{skip: skip, wake: make(chan struct{}, 1), ended: make(chan struct{})}
	go s.run(observer)
	return s
}

// run is the observer's goroutine. After a panic of the observer it does not end
// the sink: the program is about to end.
func (s *sink) run(observer func(Event)) {
	_ = call(func() error {
		var wall wallClock
		for {
			<-s.wake
			for next := s.takeAll(); next != nil; next = next.recycle() {
				if next.of == nil {
					return nil
				}
				observer(s.event(next, wall.at(next.at)))
			}
		}
	}, func(_ error, panicked bool) {
		if !panicked {
			s.latest.Store(&dead)
			close(s.ended)
		}
	})
}

// takeAll returns the steps that are there, as a list with the oldest one first.
func (s *sink) takeAll() (oldest *step) {
	for latest := s.latest.Swap(nil); latest != nil; {
		before := latest.link
		latest.link = oldest
		oldest, latest = latest, before
	}
	return oldest
}

// event returns the event of a step, given any time of its clock.
func (s *sink) event(next *step, now time.Time) Event {
	path := next.of.path
	event := Event{
		Path: path[min(s.skip, len(path)):], Run: next.of.run, State: next.state, At: next.at.time(now), Signal: next.signal, Err: next.err,
	}
	if next.since != 0 {
		event.After = time.Duration(next.at - next.since)
	}
	return event
}

// add takes the step over.
func (s *sink) add(added *step) {
	for {
		latest := s.latest.Load()
		if latest == &dead {
			return
		}
		added.link = latest
		if s.latest.CompareAndSwap(latest, added) {
			if latest == nil && s.corks.Load() == 0 {
				s.ring()
			}
			return
		}
	}
}

// uncork takes one cork off, and lets the observer look. Whoever adds a step
// meanwhile sees that the cork is off, or is seen.
func (s *sink) uncork() {
	s.corks.Add(-1)
	if s.latest.Load() != nil {
		s.ring()
	}
}

// ring wakes the observer.
func (s *sink) ring() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// close ends the sink once the observer has returned from the last event.
func (s *sink) close() {
	s.add(new(step))
}
