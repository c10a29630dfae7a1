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

// A page has room for some steps: allocating one at a time takes more stack than a
// loop has left, and more time.
type page struct {
	used  atomic.Int32
	steps [51]step // 4 kB
}

// pages are used again once their sink has ended.
var pages = sync.Pool{New: func() any { return new(page) }}

// clear ends the use of a step, so that it keeps nothing in memory, and returns
// the next one.
func (s *step) clear() (next *step) {
	next = s.link
	*s = step{}
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

// A sink holds the steps of one run of an Observe until its observer takes
// them, in a goroutine of its own. Adding a step takes no lock, so that members
// whose steps come at once do not wait for each other. Waking the observer takes
// more time than that: a loop corks the sink until it has handled an event.
type sink struct {
	skip   int                  // how much of a path leads to what is observed
	latest atomic.Pointer[step] // the first of a list
	page   atomic.Pointer[page] // where there is room for steps
	corks  atomic.Int32         // while there are any, adding a step wakes nobody
	wake   chan struct{}        // has one element while the observer is to look
	ended  chan struct{}        // closed when the observer is called no more
}

// dead is the latest step of a sink that takes no more.
var dead step

func newSink(skip int, observer func(Event)) *sink {
	s := &sink{skip: skip, wake: make(chan struct{}, 1), ended: make(chan struct{})}
	s.page.Store(pages.Get().(*page))
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
			for next := s.takeAll(); next != nil; {
				if next.of == nil {
					s.recycle()
					return nil
				}
				event := s.event(next, wall.at(next.at))
				next = next.clear()
				observer(event)
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

// newStep returns a step for add.
func (s *sink) newStep() *step {
	for {
		p := s.page.Load()
		if i := int(p.used.Add(1)) - 1; i < len(p.steps) {
			return &p.steps[i]
		}
		s.turn(p)
	}
}

// turn turns a full page.
//
//go:noinline
func (s *sink) turn(full *page) {
	s.page.CompareAndSwap(full, new(page))
}

// recycle lets another sink use the page, when no step is left and none can come.
func (s *sink) recycle() {
	p := s.page.Load()
	p.used.Store(0)
	pages.Put(p)
}

// add takes the step over.
func (s *sink) add(added *step) {
	for {
		latest := s.latest.Load()
		if latest == &dead {
			added.clear()
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
