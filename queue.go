package grouper

import "sync"

// A queue sends values to the readers of its channel, in order, and never makes
// the sender wait. Values that the channel has no room for cost memory, and one
// goroutine until all of them are read or dropped.
type queue[T any] struct {
	out chan T

	mu              sync.Mutex // guards what follows
	direct          func(T)    // takes the next value in place of out, if set
	connected       bool       // since connect, until disconnect
	unsent          fifo[T]    // what out had no room for
	pump            *pump      // sends what is unsent; nil if there is nothing
	closed, dropped bool
}

// A pump is the goroutine of a queue, from the first value that out had no
// room for to the last.
type pump struct {
	stop  chan struct{} // closed to end it early
	ended chan struct{}
}

// send appends a value, or drops it if the queue was dropped.
func (q *queue[T]) send(value T) {
	q.mu.Lock()
	defer q.mu.Unlock()
	switch {
	case q.dropped:
	case q.direct != nil:
		direct := q.direct
		q.direct = nil
		direct(value)
	case q.pump != nil || !q.trySend(value):
		q.hold(value)
	}
}

func (q *queue[T]) trySend(value T) bool {
	select {
	case q.out <- value:
		return true
	default:
		return false
	}
}

// hold keeps a value until out has room for it.
func (q *queue[T]) hold(value T) {
	q.unsent.push(value)
	if q.pump == nil {
		q.pump = &pump{make(chan struct{}), make(chan struct{})}
		go q.sendUnsent(q.pump)
	}
}

func (q *queue[T]) sendUnsent(p *pump) {
	defer close(p.ended)
	for value, more := q.next(); more; value, more = q.next() {
		select {
		case q.out <- value:
		case <-p.stop:
			return
		}
	}
}

func (q *queue[T]) next() (value T, more bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if value, more = q.unsent.pop(); more || q.dropped {
		return value, more && !q.dropped
	}
	q.pump = nil
	if q.closed {
		close(q.out)
	}
	return value, false
}

// close ends the queue: its channel is closed behind the last value, and
// nothing may be sent any more.
func (q *queue[T]) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	if q.pump == nil {
		close(q.out)
	}
}

// drop ends the queue and discards what was not read. The channel stays open.
func (q *queue[T]) drop() {
	q.mu.Lock()
	q.dropped = true
	q.unsent = fifo[T]{}
	p := q.pump
	q.mu.Unlock()
	if p != nil {
		close(p.stop)
		<-p.ended
	}
	for len(q.out) > 0 {
		select {
		case <-q.out:
		default: // a reader was faster
		}
	}
}

// connect has a function called with the next value, in place of the channel: with
// one that is already there, or with the one that is sent next. The function must
// not block. If the queue is already connected, connect does nothing and returns
// false.
func (q *queue[T]) connect(direct func(T)) bool {
	if !q.reserve() {
		return false
	}
	for {
		p := q.tryConnect(direct)
		if p == nil {
			return true
		}
		select {
		case value := <-q.out:
			direct(value)
			return true
		case <-p.ended:
		}
	}
}

func (q *queue[T]) reserve() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	first := !q.connected
	q.connected = true
	return first
}

// tryConnect connects unless the pump has a value in its hands.
func (q *queue[T]) tryConnect(direct func(T)) *pump {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.pump != nil && !q.dropped {
		return q.pump
	}
	select {
	case value := <-q.out:
		direct(value)
	default:
		q.direct = direct
	}
	return nil
}

// disconnect undoes connect.
func (q *queue[T]) disconnect() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.direct, q.connected = nil, false
}

// A fifo holds values until they are taken, the oldest one first. It grows by
// chunks, so that a push never copies what is there.
type fifo[T any] struct {
	first, last *chunk[T]
}

type chunk[T any] struct {
	values []T // never exceeds its capacity
	popped int // how many of the values were
	next   *chunk[T]
}

const (
	smallestChunk = 32
	largestChunk  = 1024
	largestKept   = 64 // of empty chunks
)

func (f *fifo[T]) push(value T) {
	*f.grow() = value
}

// grow appends a zero value, and returns where it is.
func (f *fifo[T]) grow() *T {
	switch {
	case f.last == nil:
		f.first = newChunk[T](smallestChunk)
		f.last = f.first
	case len(f.last.values) == cap(f.last.values):
		f.last.next = newChunk[T](min(2*cap(f.last.values), largestChunk))
		f.last = f.last.next
	}
	values := &f.last.values
	*values = (*values)[:len(*values)+1]
	return &(*values)[len(*values)-1]
}

func newChunk[T any](size int) *chunk[T] {
	return &chunk[T]{values: make([]T, 0, size)}
}

func (f *fifo[T]) empty() bool {
	return f.first == nil || f.first.popped == len(f.first.values)
}

func (f *fifo[T]) pop() (value T, found bool) {
	c := f.first
	if f.empty() {
		return value, false
	}
	var zero T
	value, c.values[c.popped] = c.values[c.popped], zero
	c.popped++
	switch {
	case c.popped < len(c.values):
	case c.next != nil:
		f.first = c.next
	case cap(c.values) <= largestKept:
		c.values, c.popped = c.values[:0], 0
	default:
		*f = fifo[T]{}
	}
	return value, true
}
