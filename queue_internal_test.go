package grouper

import (
	"runtime"
	"slices"
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
			q.connect(func(value int) { direct = append(direct, value) })
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

// The connection ends: what was not delivered goes to the channel.
func TestDisconnectedFunctionGetsNothing(t *testing.T) {
	q := newQueue[int](1)
	q.connect(func(value int) { t.Errorf("got %d", value) })
	q.disconnect()
	q.send(1)
	if value := <-q.out; value != 1 {
		t.Errorf("read %d", value)
	}
}
