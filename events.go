package grouper

import (
	"slices"
	"sync"

	"github.com/tedsuo/ifrit"
)

// EntranceEvent tells that a member of a dynamic group is ready, or has
// exited before it was: then its [ExitEvent] follows. It comes once for each
// member that was started, from [DynamicClient.EntranceListener].
type EntranceEvent struct {
	Member Member

	// Process is the running member. All its methods may be called from any
	// goroutine, also after the member has exited, and none of them blocks:
	// Ready gives the channel that the member closes; each Wait gives a new
	// channel that gets one error at the exit, and costs no goroutine; Signal
	// queues a signal, and ignores nil and members that have exited.
	Process ifrit.Process
}

// ExitEvent tells that a member has exited, and with what error. It comes
// from [DynamicClient.ExitListener], and [ErrorTrace] consists of it.
//
// A member that a dynamic group accepted but did not start, because its name
// was in use, has an ExitEvent too, with [ErrDuplicateNames], and no
// [EntranceEvent].
type ExitEvent struct {
	Member Member
	Err    error // what Run returned; nil if that was nil
}

// A broadcaster hands events of one kind to any number of listeners, in the
// same order to all, and keeps the latest for those that come later.
type broadcaster[E any] struct {
	mu        sync.Mutex // guards everything here
	history   ring[E]
	listeners []*queue[E]
	closed    bool
}

// listen gives a new listener's channel: first the history, then every event
// from now on (L1).
func (b *broadcaster[E]) listen() <-chan E {
	listener := &queue[E]{out: make(chan E, b.history.capacity)}
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, event := range b.history.all() {
		listener.send(event)
	}
	if b.closed {
		listener.close()
	} else {
		b.listeners = append(b.listeners, listener)
	}
	return listener.out
}

func (b *broadcaster[E]) broadcast(event E) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.history.push(event)
	for _, listener := range b.listeners {
		listener.send(event)
	}
}

// close says that no more events come. It may be called again.
func (b *broadcaster[E]) close() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.closed = true
	for _, listener := range b.listeners {
		listener.close()
	}
	b.listeners = nil
}

// A ring holds the latest events, as many as its capacity. It takes memory
// only as it fills.
type ring[E any] struct {
	capacity int
	events   []E
	oldest   int // where the oldest one is, once all the places are taken
}

func (r *ring[E]) push(event E) {
	switch {
	case r.capacity == 0:
	case len(r.events) < r.capacity:
		r.events = append(r.events, event)
	default:
		r.events[r.oldest] = event
		r.oldest = (r.oldest + 1) % r.capacity
	}
}

// all gives the events, the oldest one first.
func (r *ring[E]) all() []E {
	return slices.Concat(r.events[r.oldest:], r.events[:r.oldest])
}
