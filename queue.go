package grouper

import "sync"

// A queue sends values to the readers of its channel, in order, and never makes
// the sender wait. Values that the channel has no room for cost memory, and one
// goroutine until all of them are read or dropped.
type queue[T any] struct {
	out chan T

	mu        *sync.Mutex // guards what follows; what the queue belongs to may share it
	direct    func(T)     // takes the next value in place of out, if set
	pump      *pump[T]    // sends what out had no room for; nil if there is nothing
	connected bool        // since connect, until disconnect
	closed    bool
	dropped   bool
}

// A pump is the goroutine of a queue, from the first value that out had no
// room for to the last.
type pump[T any] struct {
	value  T             // it is sending; the queue's mu guards it
	unsent fifo[T]       // the next ones; the queue's mu guards it
	stop   chan struct{} // closed to end it early
	ended  chan struct{}
}

// newQueue returns a queue that has a lock of its own.
func newQueue[T any](capacity int) *queue[T] {
	return &queue[T]{out: make(chan T, capacity), mu: new(sync.Mutex)}
}

// send appends a value, or drops it if the queue was dropped.
func (q *queue[T]) send(value T) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.sendLocked(value)
}

// sendLocked is send for callers that hold mu.
func (q *queue[T]) sendLocked(value T) {
	switch {
	case q.dropped:
	case q.direct != nil:
		direct := q.direct
		q.direct = nil
		direct(value)
	case q.pump != nil:
		q.pump.unsent.push(value)
	case !q.trySend(value):
		q.startPump(value, fifo[T]{})
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

// startPump keeps a value, and the next ones, until out has room for them.
//
//go:noinline
func (q *queue[T]) startPump(value T, unsent fifo[T]) {
	q.pump = &pump[T]{value: value, unsent: unsent, stop: make(chan struct{}), ended: make(chan struct{})}
	go q.sendUnsent(q.pump)
}

func (q *queue[T]) sendUnsent(p *pump[T]) {
	defer close(p.ended)
	for value, more := p.value, true; more; value, more = q.next(p) {
		select {
		case q.out <- value:
		case <-p.stop:
			return
		}
	}
}

// next is called when the pump's value was sent.
func (q *queue[T]) next(p *pump[T]) (value T, more bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if p.value, more = p.unsent.pop(); !more {
		q.pump = nil
		if q.closed {
			close(q.out)
		}
	}
	return p.value, more
}

// close ends the queue: its channel is closed behind the last value, and
// nothing may be sent any more. If everything was read, the channel is closed
// when close returns (D9): a pump that has sent the last value may not have
// looked for the next one yet.
func (q *queue[T]) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	if q.pump == nil {
		close(q.out)
		return
	}
	q.endPumpLocked()
	if p := q.pump; p != nil {
		q.startPump(p.value, p.unsent)
	}
}

// endPumpLocked releases mu until the pump has ended. It is still there if it
// had something to send.
func (q *queue[T]) endPumpLocked() {
	p := q.pump
	q.mu.Unlock()
	close(p.stop)
	<-p.ended
	q.mu.Lock()
}

// drop ends the queue and discards what was not read. The channel stays open.
func (q *queue[T]) drop() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.dropLocked()
}

// dropLocked is drop for callers that hold mu, which it may unlock meanwhile.
func (q *queue[T]) dropLocked() {
	q.dropped = true
	if q.pump != nil {
		q.endPumpLocked()
		q.pump = nil
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
func (q *queue[T]) tryConnect(direct func(T)) *pump[T] {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.pump != nil {
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
