package service_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"time"

	"github.com/seed-3b777528/grouper"
	"github.com/seed-3b777528/grouper/service"
)

func ExampleRun() {
	migrate := grouper.TaskFunc(func(context.Context) error { return nil })
	load := grouper.WorkerFunc(func(context.Context) error { return errors.New("no such file") })
	root := grouper.NewOrdered(os.Interrupt, grouper.Members{
		{Name: "migrate", Runner: migrate},
		{Name: "import", Runner: load},
	})
	err := service.Run(root, service.Options{
		Grace:  30 * time.Second,
		Logger: slog.New(slog.NewTextHandler(io.Discard, nil)),
	})
	for _, failure := range grouper.Failures(err) {
		fmt.Println(failure.Path, "failed:", failure.Err)
	}
	// Output: import failed: no such file
}
