// Errgroup is the service as the goroutines of an errgroup.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/seed-3b777528/grouper/examples/moving/parts"
	"golang.org/x/sync/errgroup"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	store, api, health := parts.New()
	if err := store.Open(ctx); err != nil { // here, because the goroutines start together
		return err
	}
	defer store.Close() // here, because they stop together

	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return store.Wait(ctx) })
	g.Go(func() error { return parts.Run(ctx, api) })
	g.Go(func() error { return parts.Run(ctx, health) })
	return g.Wait()
}
