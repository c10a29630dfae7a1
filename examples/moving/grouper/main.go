// Grouper is the service as a tree of groups.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/seed-3b777528/grouper"
	"github.com/seed-3b777528/grouper/examples/moving/parts"
	"github.com/tedsuo/ifrit"
	"github.com/tedsuo/ifrit/sigmon"
)

func main() {
	store, api, health := parts.New()
	service := grouper.NewOrdered(os.Interrupt, grouper.Members{
		{Name: "store", Runner: runner(store)},
		{Name: "servers", Runner: grouper.NewParallel(os.Interrupt, grouper.Members{
			{Name: "api", Runner: runner(api)},
			{Name: "health", Runner: runner(health)},
		})},
	})

	process := ifrit.Invoke(sigmon.New(service))
	if err := <-process.Wait(); err != nil {
		fmt.Fprint(os.Stderr, err)
		os.Exit(1)
	}
}

// runner is ready when the part is up, and closes it on the first signal.
func runner(part parts.Part) ifrit.Runner {
	return ifrit.RunFunc(func(signals <-chan os.Signal, ready chan<- struct{}) error {
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		go func() {
			select {
			case <-signals:
				cancel()
			case <-ctx.Done():
			}
		}()

		if err := part.Open(ctx); err != nil {
			if ctx.Err() != nil {
				return nil // stopped before it was up
			}
			return err
		}
		defer part.Close()
		close(ready)
		return part.Wait(ctx)
	})
}
