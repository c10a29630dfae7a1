package parts

import (
	"context"
	"errors"
	"log/slog"
	"sync"
)

// Refusals is how often the broker refuses its client before it connects.
const Refusals = 2

var (
	errRefused = errors.New("the broker refuses")
	errLost    = errors.New("the broker is lost")
)

// A Broker is the client of a broker that is not always there.
type Broker struct {
	mu       sync.Mutex // guards what follows
	attempts int
	there    chan struct{} // closed while the broker is there
	lost     chan struct{} // closed while it is not
}

func newBroker() *Broker { return &Broker{there: closed(), lost: make(chan struct{})} }

func closed() chan struct{} {
	c := make(chan struct{})
	close(c)
	return c
}

// Run connects, once the broker is there, calls connected, and keeps the
// connection until the context is done, or it is lost. When it has failed it may
// be called again.
func (b *Broker) Run(ctx context.Context, connected func()) error {
	there, err := b.attempt()
	if err != nil {
		return err
	}
	slog.Info("connecting to the broker")
	select {
	case <-ctx.Done():
		return nil
	case <-there:
	}
	connected()
	select {
	case <-ctx.Done():
		return nil
	case <-b.whenLost():
		return errLost
	}
}

func (b *Broker) attempt() (there <-chan struct{}, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.attempts++
	if b.attempts <= Refusals {
		return nil, errRefused
	}
	return b.there, nil
}

func (b *Broker) whenLost() <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.lost
}

// lose ends the connection, and lets no other begin until regain.
func (b *Broker) lose() { b.move(&b.lost, &b.there) }

func (b *Broker) regain() { b.move(&b.there, &b.lost) }

func (b *Broker) move(to, from *chan struct{}) {
	b.mu.Lock()
	defer b.mu.Unlock()
	select {
	case <-*to: // it has been there
	default:
		close(*to)
		*from = make(chan struct{})
	}
}
