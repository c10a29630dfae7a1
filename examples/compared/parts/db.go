package parts

import (
	"context"
	"errors"
	"sync/atomic"
)

// A DB is a database. It can be written to when it is open and has migrated.
type DB struct{ open, migrated atomic.Bool }

// Open connects to the database.
func (d *DB) Open(ctx context.Context) error {
	d.open.Store(true)
	return ctx.Err()
}

// Migrate brings the tables up to date. It needs an open database.
func (d *DB) Migrate(ctx context.Context) error {
	if !d.open.Load() {
		return errors.New("the database is not open")
	}
	d.migrated.Store(true)
	return ctx.Err()
}

// Close disconnects from the database.
func (d *DB) Close(context.Context) error {
	d.open.Store(false)
	return nil
}

func (d *DB) write(string) error {
	if !d.open.Load() || !d.migrated.Load() {
		return errors.New("the database is not open")
	}
	return nil
}
