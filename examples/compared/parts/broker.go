package parts

import (
	"context"
	"errors"
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
	away     bool
	lost     chan struct{} // of the connection: closed when it is lost
}

// Run connects, calls connected, and keeps the connection until the context is
// done, or it is lost. When it has failed it may be called again.
func (b *Broker) Run(ctx context.Context, connected func()) error {
	lost, err := b.connect()
	if err != nil {
		return err
	}
	connected()
	select {
	case <-ctx.Done():
		return nil
	case <-lost:
		return errLost
	}
}

func (b *Broker) connect() (<-chan struct{}, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.attempts++
	if b.attempts <= Refusals || b.away {
		return nil, errRefused
	}
	b.lost = make(chan struct{})
	return b.lost, nil
}

// lose ends the connection, and lets no other begin until regain.
func (b *Broker) lose() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.away {
		b.away = true
		close(b.lost)
	}
}

func (b *Broker) regain() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.away = false
}
