// Dskit is the service as modules of grafana/dskit.
package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/signal"
	"slices"
	"syscall"

	"github.com/go-kit/log"
	"github.com/grafana/dskit/modules"
	"github.com/grafana/dskit/services"
	"github.com/seed-3b777528/grouper/examples/moving/parts"
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
	all := modules.NewManager(log.NewNopLogger())
	all.RegisterModule("store", module(store))
	all.RegisterModule("api", module(api))
	all.RegisterModule("health", module(health))
	for _, server := range []string{"api", "health"} {
		if err := all.AddDependency(server, "store"); err != nil {
			return err
		}
	}
	byName, err := all.InitModuleServices("api", "health")
	if err != nil {
		return err
	}

	manager, err := services.NewManager(slices.Collect(maps.Values(byName))...)
	if err != nil {
		return err
	}
	manager.AddListener(services.NewManagerListener(nil, nil, func(services.Service) { manager.StopAsync() }))
	if err := manager.StartAsync(ctx); err != nil { // its end stops them all
		return err
	}
	if err := manager.AwaitStopped(context.Background()); err != nil {
		return err
	}
	for _, failed := range manager.ServicesByState()[services.Failed] {
		// A signal during the start fails what was starting.
		if err := failed.FailureCase(); !errors.Is(err, context.Canceled) {
			return err
		}
	}
	return nil
}

func module(part parts.Part) func() (services.Service, error) {
	return func() (services.Service, error) {
		return services.NewBasicService(part.Open, part.Wait, func(error) error {
			part.Close()
			return nil
		}), nil
	}
}
