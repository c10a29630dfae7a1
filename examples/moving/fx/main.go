// Fx is the service as an fx application.
package main

import (
	"context"

	"github.com/seed-3b777528/grouper/examples/moving/parts"
	"go.uber.org/fx"
)

func main() {
	app := fx.New(
		fx.NopLogger,
		fx.Provide(parts.Flags, newStore, newAPI, newHealth),
		fx.Invoke(func(*parts.API, *parts.Health) {}), // and what they depend on
	)
	app.Done() // catches signals from here on, Run only when all is up
	app.Run()
}

func newStore(a parts.Addresses, lifecycle fx.Lifecycle, shutdowner fx.Shutdowner) *parts.Store {
	store := parts.NewStore(a)
	lifecycle.Append(hook(store, shutdowner))
	return store
}

func newAPI(a parts.Addresses, store *parts.Store, lifecycle fx.Lifecycle, shutdowner fx.Shutdowner) *parts.API {
	api := parts.NewAPI(a, store)
	lifecycle.Append(hook(api, shutdowner))
	return api
}

func newHealth(a parts.Addresses, store *parts.Store, lifecycle fx.Lifecycle, shutdowner fx.Shutdowner) *parts.Health {
	health := parts.NewHealth(a, store)
	lifecycle.Append(hook(health, shutdowner))
	return health
}

func hook(part parts.Part, shutdowner fx.Shutdowner) fx.Hook {
	return fx.Hook{
		OnStart: func(ctx context.Context) error {
			if err := part.Open(ctx); err != nil {
				return err
			}
			go func() { // not with ctx, which ends with the start
				if err := part.Wait(context.Background()); err != nil {
					shutdowner.Shutdown(fx.ExitCode(1))
				}
			}()
			return nil
		},
		OnStop: func(context.Context) error {
			part.Close()
			return nil
		},
	}
}
