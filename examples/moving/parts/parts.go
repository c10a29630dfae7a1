// Package parts has what the small service is made of, in all its versions: a
// store, which needs its database, and two servers, which need the store.
package parts

import (
	"context"
	"flag"
	"fmt"
	"net/http"
)

// A Part is the store or one of the servers.
type Part interface {
	// Open returns nil when the part is up. It gives up when the context is done.
	Open(ctx context.Context) error
	// Wait returns the error of a part that fails, and nil when it is closed, or
	// when the context is done.
	Wait(ctx context.Context) error
	// Close returns when the part has finished what is under way.
	Close()
}

// Addresses are where the parts find what they need, or are found.
type Addresses struct{ Database, API, Health string }

// Flags returns the addresses of the command line.
func Flags() Addresses {
	var a Addresses
	flag.StringVar(&a.Database, "database", "localhost:5000", "address of the database")
	flag.StringVar(&a.API, "api", "localhost:8080", "address of the API")
	flag.StringVar(&a.Health, "health", "localhost:8081", "address of the health check")
	flag.Parse()
	return a
}

// New returns all parts, for the addresses of the command line.
func New() (*Store, *API, *Health) {
	addresses := Flags()
	store := NewStore(addresses)
	return store, NewAPI(addresses, store), NewHealth(addresses, store)
}

// An API answers with what is in the store.
type API struct{ Server }

// NewAPI returns an API that is not up yet.
func NewAPI(a Addresses, store *Store) *API {
	return &API{Server{name: "api", address: a.API, handler: func(w http.ResponseWriter, _ *http.Request) {
		value, err := store.Get()
		if err != nil {
			http.Error(w, err.Error(), http.StatusServiceUnavailable)
			return
		}
		fmt.Fprintln(w, value)
	}}}
}

// A Health answers whether the store is open.
type Health struct{ Server }

// NewHealth returns a Health that is not up yet.
func NewHealth(a Addresses, store *Store) *Health {
	return &Health{Server{name: "health", address: a.Health, handler: func(w http.ResponseWriter, _ *http.Request) {
		if !store.isOpen() {
			http.Error(w, errNotOpen.Error(), http.StatusServiceUnavailable)
		}
	}}}
}

// Run opens a part, and closes it when the context is done.
func Run(ctx context.Context, part Part) error {
	if err := part.Open(ctx); err != nil {
		return err
	}
	defer part.Close()
	return part.Wait(ctx)
}
