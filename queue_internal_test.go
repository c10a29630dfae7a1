package grouper

import (
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// M2: a goroutine that still reads a member's signals after its exit sees no
// closed channel, even if the exit comes just after the last signal.
func TestDroppedQueueStaysOpen(t *testing.T) {
	for range 1000 {
		synctest.Test(t, func(t *testing.T) {
			// Drop comes while the queue's goroutine is about to look for more.
			q := newQueue[int](0)
			q.send(1)
			synctest.Wait()
			q.mu.Lock()
			go q.drop()
			runtime.Gosched()
			<-q.out
			q.mu.Unlock()
			synctest.Wait()
			q.send(2)
			synctest.Wait()
			select {
			case value, open := <-q.out:
				t.Fatalf("read %d, open: %v", value, open)
			default:
			}
		})
	}
}

// D9: a queue of which all was read is closed when close returns, even if it comes
// while the queue's goroutine is about to look for more.
func TestClosedQueueIsClosedAtOnceIfAllWasRead(t *testing.T) {
	for capacity := range 3 {
		for range 1000 {
			synctest.Test(t, func(t *testing.T) {
				q := newQueue[int](capacity)
				for i := range capacity + 1 {
					q.send(i)
				}
				synctest.Wait()
				q.mu.Lock()
				open := true
				closing := make(chan struct{})
				go func() {
					defer close(closing)
					q.close()
					select {
					case _, open = <-q.out:
					default:
					}
				}()
				for range capacity + 1 {
					<-q.out
				}
				q.mu.Unlock()
				<-closing
				if open {
					t.Fatalf("capacity %d: the queue is not closed", capacity)
				}
			})
		}
	}
}

// D9: what was not read when a queue is closed can be read later, in order.
func TestClosedQueueHandsEverythingOver(t *testing.T) {
	for capacity := range 3 {
		for sent := range 6 {
			synctest.Test(t, func(t *testing.T) {
				q := newQueue[int](capacity)
				for i := range sent {
					q.send(i)
				}
				synctest.Wait()
				q.close()
				synctest.Wait()
				var read []int
				for value := range q.out {
					read = append(read, value)
				}
				if len(read) != sent || !slices.IsSorted(read) {
					t.Errorf("capacity %d: read %v of %d", capacity, read, sent)
				}
			})
		}
	}
}

// M2: what was not read when a queue is dropped is never read, not even by
// goroutines that wait for it right then, nor from the channel's own buffer.
func TestDroppedQueueHandsNothingOver(t *testing.T) {
	for capacity := range 3 {
		for sent := range 5 {
			synctest.Test(t, func(t *testing.T) {
				q := newQueue[int](capacity)
				for i := range sent {
					q.send(i)
				}
				synctest.Wait()
				q.drop()
				q.send(sent)
				select {
				case value := <-q.out:
					t.Errorf("capacity %d: read %d of %d", capacity, value, sent)
				case <-time.After(time.Second):
				}
			})
		}
	}
}

// C5: a function that is connected gets the oldest value that was not read, or
// the next one; all others go to the channel, in order.
func TestConnectedFunctionGetsTheOldestValue(t *testing.T) {
	for before := range 5 {
		synctest.Test(t, func(t *testing.T) {
			q := newQueue[int](1)
			for i := range before {
				q.send(i)
			}
			var direct, read []int
			if !q.connect(func(value int) { direct = append(direct, value) }) {
				t.Errorf("%d sent before: not connected", before)
			}
			for i := before; i < 6; i++ {
				q.send(i)
			}
			for range 5 {
				read = append(read, <-q.out)
			}
			if want := []int{0}; !slices.Equal(direct, want) {
				t.Errorf("%d sent before: the function got %v", before, direct)
			}
			if want := []int{1, 2, 3, 4, 5}; !slices.Equal(read, want) {
				t.Errorf("%d sent before: the channel got %v", before, read)
			}
		})
	}
}

// C5: the oldest value may be in the hands of the queue's goroutine.
func TestConnectedFunctionGetsWhatIsAboutToBeSent(t *testing.T) {
	for range 200 {
		q := newQueue[int](1)
		q.send(0)
		q.send(1)
		<-q.out
		got := make(chan int, 1)
		q.connect(func(value int) { got <- value })
		q.send(2)
		if value := <-got; value != 1 {
			t.Fatalf("the function got %d", value)
		}
		if value := <-q.out; value != 2 {
			t.Fatalf("read %d", value)
		}
	}
}

// The connection ends: what was not delivered goes to the channel.
func TestDisconnectedFunctionGetsNothing(t *testing.T) {
	q := newQueue[int](1)
	q.connect(func(value int) { t.Errorf("got %d", value) })
	q.disconnect()
	q.send(1)
	if value := <-q.out; value != 1 {
		t.Errorf("read %d", value)
	}
	if !q.connect(func(int) {}) {
		t.Error("cannot be connected again")
	}
}

// C5: of functions that are connected at the same time one is, and it gets one of
// the values that are sent meanwhile. The race detector looks on.
func TestConnectingAtTheSameTime(t *testing.T) {
	for range 100 {
		q := newQueue[int](1)
		var group sync.WaitGroup
		var connected, called atomic.Int32
		for i := range 3 {
			group.Go(func() { q.send(i) })
			group.Go(func() {
				if q.connect(func(int) { called.Add(1) }) {
					connected.Add(1)
				}
			})
		}
		group.Wait()
		if connected.Load() != 1 || called.Load() != 1 {
			t.Fatalf("%d functions are connected, with %d calls", connected.Load(), called.Load())
		}
		<-q.out
		<-q.out
	}
}

// C5: the queue's lock covers a connection from its first step to its last. The
// race detector looks on.
func TestConnectingTakesTheLock(t *testing.T) {
	for range 100 {
		q := newQueue[int](1)
		var group sync.WaitGroup
		group.Go(func() { q.connect(func(int) {}) })
		runtime.Gosched()
		q.connect(func(int) {})
		group.Wait()

		group.Go(func() { q.tryConnect(func(int) {}) })
		runtime.Gosched()
		q.send(1)
		group.Wait()
	}
}

// M2: what the queue's goroutine had in its hands is dropped, too.
func TestDroppedQueueWaitsForItsPump(t *testing.T) {
	for range 200 {
		synctest.Test(t, func(t *testing.T) {
			q := newQueue[int](1)
			for i := range 4 {
				q.send(i)
			}
			synctest.Wait()
			// Drop comes while the queue's goroutine is about to look for more.
			q.mu.Lock()
			<-q.out
			runtime.Gosched()
			go q.drop()
			runtime.Gosched()
			q.mu.Unlock()
			synctest.Wait()
			if len(q.out) > 0 || q.pump != nil {
				t.Fatalf("%d values are left, pump: %v", len(q.out), q.pump)
			}
		})
	}
}

// L3, L6: an iterator that ends with its group drops a queue that is closed.
func TestDropOfAClosedQueueReturns(t *testing.T) {
	for _, unread := range []int{0, 1, 3} {
		q := newQueue[int](1)
		for i := range unread {
			q.send(i)
		}
		q.close()
		q.drop()
		if len(q.out) > 0 {
			t.Errorf("%d values are left of %d", len(q.out), unread)
		}
	}
}
