// Suture is the service as the services of a suture supervisor.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/seed-3b777528/grouper/examples/moving/parts"
	"github.com/thejerf/suture/v4"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()

	store, api, health := parts.New()
	supervisor := suture.NewSimple("service")
	supervisor.Add(service{store})
	supervisor.Add(service{api})
	supervisor.Add(service{health})

	// Without a signal this ends only if a service returns
	// suture.ErrTerminateSupervisorTree: others are started again.
	if err := supervisor.Serve(ctx); !errors.Is(err, context.Canceled) {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

type service struct{ parts.Part }

func (s service) Serve(ctx context.Context) error {
	return parts.Run(ctx, s.Part)
}
