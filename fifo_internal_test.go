package grouper

import "testing"

// L2: values come out as they went in, however many chunks they take.
func TestFifoKeepsTheOrder(t *testing.T) {
	var f fifo[int]
	next, want := 0, 0
	for round := range 3 * largestChunk {
		for range round % 7 {
			f.push(next)
			next++
		}
		for range round % 5 {
			if value, found := f.pop(); found {
				if value != want {
					t.Fatalf("popped %d, want %d", value, want)
				}
				want++
			}
		}
	}
	for value, found := f.pop(); found; value, found = f.pop() {
		if value != want {
			t.Fatalf("popped %d, want %d", value, want)
		}
		want++
	}
	if want != next {
		t.Errorf("popped %d of %d", want, next)
	}
}

// Whether the last chunk is full or not when a fifo is empty, and is kept or not,
// it can be filled again.
func TestFifoCanBeFilledAgain(t *testing.T) {
	for size := range largestChunk {
		var f fifo[int]
		for range 3 {
			for i := range size {
				f.push(i)
			}
			for i := range size {
				if value, found := f.pop(); value != i || !found {
					t.Fatalf("popped %d, %v of %d values, want %d", value, found, size, i)
				}
			}
		}
	}
}
