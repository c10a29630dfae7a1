package grouper_test

import (
	"context"
	"fmt"
	"log/slog"
	"os"

	"github.com/seed-3b777528/grouper"
	"github.com/tedsuo/ifrit"
)

// measure is a part that runs until it is stopped.
func measure(ctx context.Context) error {
	<-ctx.Done()
	return nil
}

// A tree that logs its life. A real logger would keep the times.
func ExampleLogTo() {
	logger := slog.New(slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{
		ReplaceAttr: func(_ []string, attr slog.Attr) slog.Attr {
			if attr.Key == slog.TimeKey || attr.Key == "after" {
				return slog.Attr{}
			}
			return attr
		},
	}))
	store := ifrit.RunFunc(func(<-chan os.Signal, chan<- struct{}) error {
		return fmt.Errorf("the disk is full")
	})
	service := grouper.NewOrdered(os.Interrupt, grouper.Members{
		{Name: "metrics", Runner: grouper.WorkerFunc(measure)},
		{Name: "storage", Runner: grouper.NewParallel(os.Interrupt, grouper.Members{{Name: "store", Runner: store}})},
	})

	<-ifrit.Background(grouper.Observe(service, grouper.LogTo(logger))).Wait()

	// Output:
	// level=INFO msg="member ready" member=metrics
	// level=ERROR msg="member exited" member=storage/store err="the disk is full"
	// level=ERROR msg="member exited" member=storage err.store="the disk is full"
	// level=INFO msg="service stopping" signal=interrupt
	// level=INFO msg="member stopping" member=metrics signal=interrupt
	// level=INFO msg="member exited" member=metrics
	// level=ERROR msg="service exited" err.storage/store="the disk is full"
}
