// Oklogrun is the service as a group of actors of oklog/run.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/oklog/run"
	"github.com/seed-3b777528/grouper/examples/moving/parts"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	store, api, health := parts.New()
	if err := store.Open(ctx); err != nil { // here, because the actors start together
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}

	var g run.Group
	g.Add(run.ContextHandler(ctx))
	add(&g, api)
	add(&g, health)
	g.Add(
		func() error { return store.Wait(context.Background()) },
		func(error) { store.Close() }, // the last one to be called, because it was added last
	)
	if err := g.Run(); !errors.Is(err, context.Canceled) {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func add(g *run.Group, server parts.Part) {
	ctx, cancel := context.WithCancel(context.Background())
	g.Add(
		func() error { return parts.Run(ctx, server) },
		func(error) {
			cancel()
			server.Close() // blocks, and so do the interrupts behind it
		},
	)
}
