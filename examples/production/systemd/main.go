// Systemd is a service that tells systemd how it is doing.
package main

import (
	"context"
	"flag"
	"io"
	"net/http"
	"os"
	"time"

	"github.com/seed-3b777528/grouper"
	"github.com/seed-3b777528/grouper/runners"
	"github.com/seed-3b777528/grouper/service"
)

var (
	api   = flag.String("api", "localhost:8080", "`address` of the API")
	admin = flag.String("admin", "localhost:8081", "`address` of /livez, /readyz and /status")
	data  = flag.String("data", ".", "`folder` that is there when its disk is mounted")
)

func main() {
	flag.Parse()
	root := grouper.NewOrdered(os.Interrupt, grouper.Members{
		{Name: "data", Runner: runners.OpenClose(waitForData, nil)},
		{Name: "api", Runner: runners.HTTP(&http.Server{Addr: *api, Handler: http.HandlerFunc(hello)}, nil)},
	})
	service.Main(notify(root), options(*admin))
}

func options(admin string) service.Options {
	return service.Options{
		Admin:   admin,
		StartUp: time.Minute,
		Grace:   20 * time.Second,
		Force:   time.Second,
	}
}

func waitForData(ctx context.Context) error {
	for {
		if _, err := os.Stat(*data); err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
}

func hello(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "hello\n") }
