package grouper

import (
	"context"
	"iter"
	"slices"
	"sync"

	"github.com/tedsuo/ifrit"
)

// EntranceEvent reports that a member of a dynamic group is ready, or has
// exited before it was ready: then its [ExitEvent] follows. Listeners of
// [DynamicClient.EntranceListener] receive one per member that was started.
type EntranceEvent struct {
	Member Member

	// Process is the running member. All its methods may be called from any
	// goroutine, even after the member has exited, and none of them blocks.
	// Ready returns the channel that the member closes. Each Wait returns a new
	// channel that receives one error at the exit, and costs no goroutine. Signal
	// queues a signal; it ignores nil, and does nothing after the exit.
	Process ifrit.Process
}

// ExitEvent reports that a member has exited, and with which error. Listeners
// of [DynamicClient.ExitListener] receive it, and an [ErrorTrace] is a list of
// them.
//
// A member that a dynamic group accepted but did not start, because its name
// was in use, has an ExitEvent too, with [ErrDuplicateNames], and no
// [EntranceEvent].
type ExitEvent struct {
	Member Member
	Err    error // what Run returned; nil if that was nil
}

// A broadcaster sends events of one kind to any number of listeners, in the
// same order to all, and keeps the latest for later listeners.
type broadcaster[E any] struct {
	mu        sync.Mutex // guards everything here
	history   ring[E]
	listeners []*queue[E]
	closed    bool
}

// listen returns a new listener, which receives the history first, then every
// event from now on (L1).
func (b *broadcaster[E]) listen() *queue[E] {
	listener := newQueue[E](b.history.capacity)
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
	return listener
}

// forget ends a listener before it is closed, and leaves nothing of it.
func (b *broadcaster[E]) forget(listener *queue[E]) {
	b.mu.Lock()
	b.listeners = slices.DeleteFunc(b.listeners, func(l *queue[E]) bool { return l == listener })
	b.mu.Unlock()
	listener.drop()
}

func (b *broadcaster[E]) broadcast(event E) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.history.push(event)
	for _, listener := range b.listeners {
		listener.send(event)
	}
}

// close ends all listeners after the last event. It may be called again.
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

// all returns the events, the oldest one first.
func (r *ring[E]) all() []E {
	return slices.Concat(r.events[r.oldest:], r.events[:r.oldest])
}

// Entrances returns a sequence of the client's entrance events. Each loop over
// it has a listener of its own: it yields first the events that the group
// remembers, then each event as it happens, and blocks while there is none. The
// loop ends when the listener is closed, when the context is done, or when the
// caller leaves it. The group then forgets the listener, so that an abandoned
// loop costs nothing.
//
// A client of another implementation cannot forget a listener: a goroutine reads
// from it until it is closed. A nil context is never done. A nil client has no
// events. The sequence may be used by several goroutines at once.
//
//	for entrance := range grouper.Entrances(ctx, group.Client()) {
//		log.Println(entrance.Member.Name, "is there")
//	}
func Entrances(ctx context.Context, client DynamicClient) iter.Seq[EntranceEvent] {
	return events(ctx, client,
		func(c *dynamicClient) *broadcaster[EntranceEvent] { return &c.entrances }, DynamicClient.EntranceListener)
}

// Exits returns a sequence of the client's exit events, with the properties of
// [Entrances].
func Exits(ctx context.Context, client DynamicClient) iter.Seq[ExitEvent] {
	return events(ctx, client,
		func(c *dynamicClient) *broadcaster[ExitEvent] { return &c.exits }, DynamicClient.ExitListener)
}

func events[E any](ctx context.Context, client DynamicClient,
	ours func(*dynamicClient) *broadcaster[E], listen func(DynamicClient) <-chan E) iter.Seq[E] {
	if ctx == nil {
		ctx = context.Background()
	}
	return func(yield func(E) bool) {
		switch c := client.(type) {
		case nil:
		case *dynamicClient:
			listener := ours(c).listen()
			defer ours(c).forget(listener)
			yieldAll(ctx, listener.out, yield)
		default:
			listener := listen(client)
			if listener != nil { // as it is of a fake that was not told otherwise
				defer func() { go drain(listener) }()
			}
			yieldAll(ctx, listener, yield)
		}
	}
}

// yieldAll yields the events of a channel until it is closed, the context is
// done, or yield does not want more.
func yieldAll[E any](ctx context.Context, events <-chan E, yield func(E) bool) {
	for ctx.Err() == nil {
		select {
		case event, open := <-events:
			if !open || !yield(event) {
				return
			}
		case <-ctx.Done():
		}
	}
}

func drain[E any](events <-chan E) {
	for range events {
	}
}
