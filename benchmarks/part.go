package benchmarks

import (
	"context"
	"os"
	"strconv"
)

// An Observer learns what happens to the parts, by their places. It is nil when
// time is measured, so that observing costs nothing then.
type Observer interface {
	Started(place int)
	Ready(place int)
	Stopped(place int)
}

// A part is the work of one member: it is ready at once, and runs until it is
// stopped.
type part struct {
	name     string
	place    int
	observer Observer
}

func newParts(n int, observer Observer) []part {
	parts := make([]part, n)
	for i := range parts {
		parts[i] = part{"member " + strconv.Itoa(i), i, observer}
	}
	return parts
}

// Run is the part as an ifrit.Runner.
func (p *part) Run(signals <-chan os.Signal, ready chan<- struct{}) error {
	p.begin()
	close(ready)
	<-signals
	p.end()
	return nil
}

// Serve is the part for libraries that stop their members by a context.
func (p *part) Serve(ctx context.Context) error {
	p.begin()
	p.wait(ctx)
	return ctx.Err()
}

func (p *part) wait(ctx context.Context) {
	<-ctx.Done()
	p.end()
}

// String is the name of the part, which suture asks for.
func (p *part) String() string { return p.name }

func (p *part) begin() {
	if p.observer != nil {
		p.observer.Started(p.place)
		p.observer.Ready(p.place)
	}
}

func (p *part) end() {
	if p.observer != nil {
		p.observer.Stopped(p.place)
	}
}

// A task is a part that ends by itself as soon as it is ready.
type task struct{ *part }

func (t task) Run(_ <-chan os.Signal, ready chan<- struct{}) error {
	t.begin()
	close(ready)
	t.end()
	return nil
}

func (t task) do() {
	t.begin()
	t.end()
}

// A computer is a part that computes until it is signaled.
type computer struct{ *part }

func (c computer) Run(signals <-chan os.Signal, ready chan<- struct{}) error {
	c.begin()
	close(ready)
	for turns := 0; ; {
		select {
		case <-signals:
			c.end()
			return nil
		default:
			turns++
		}
	}
}
