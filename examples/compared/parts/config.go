package parts

import (
	"context"
	"errors"
)

var errSpoilt = errors.New("the configuration is spoilt")

// A Config is a configuration that can change while the service runs.
type Config struct{ spoilt chan struct{} }

// Watch applies changes until the context is done, or one cannot be applied.
func (c *Config) Watch(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return nil
	case <-c.spoilt:
		return errSpoilt
	}
}

func (c *Config) spoil() {
	select {
	case c.spoilt <- struct{}{}:
	default: // it is spoilt
	}
}
