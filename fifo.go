package grouper

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
