// Grouper is the service as a tree of groups.
package main

import (
	"context"
	"os"
	"time"

	"github.com/seed-3b777528/grouper"
	"github.com/seed-3b777528/grouper/examples/moving/parts"
	"github.com/seed-3b777528/grouper/service"
	"github.com/tedsuo/ifrit"
)

func main() {
	store, api, health := parts.New()
	root := grouper.NewOrdered(os.Interrupt, grouper.Members{
		{Name: "store", Runner: runner(store)},
		{Name: "servers", Runner: grouper.NewParallel(os.Interrupt, grouper.Members{
			{Name: "api", Runner: runner(api)},
			{Name: "health", Runner: runner(health)},
		})},
	})
	service.Main(root, service.Options{Grace: 30 * time.Second})
}

func runner(part parts.Part) ifrit.Runner {
	return grouper.ContextFunc(func(ctx context.Context, ready func()) error {
		if err := part.Open(ctx); err != nil {
			return err
		}
		defer part.Close()
		ready()
		return part.Wait(ctx)
	})
}
