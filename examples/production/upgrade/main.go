// Upgrade is a service that is replaced by a newer build of itself, by SIGHUP,
// without a moment in which nobody listens.
package main

import (
	"flag"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/cloudflare/tableflip"
	"github.com/seed-3b777528/grouper"
	"github.com/seed-3b777528/grouper/health"
	"github.com/seed-3b777528/grouper/runners"
	"github.com/seed-3b777528/grouper/service"
)

var (
	api   = flag.String("api", "localhost:8080", "`address` of the API")
	admin = flag.String("admin", "localhost:8081", "`address` of /livez, /readyz and /status")
)

func main() {
	flag.Parse()
	slog.SetDefault(slog.With("pid", os.Getpid()))
	upgrader, err := tableflip.New(tableflip.Options{UpgradeTimeout: time.Minute})
	if err != nil {
		fail(err)
	}
	server := &http.Server{Handler: http.HandlerFunc(whoAmI)}
	listener := share(listen(upgrader, "api", *api))
	tree := grouper.NewOrdered(os.Interrupt, grouper.Members{
		{Name: "api", Runner: runners.HTTP(server, listener)},
		{Name: "upgrades", Runner: upgrades(upgrader, server, listener)},
	})
	// Not Options.Admin: its port would be taken, and the new process not start.
	root := grouper.NewOrdered(os.Interrupt, grouper.Members{
		{Name: "health", Runner: runners.HTTP(&http.Server{Handler: health.Handler(tree)}, listen(upgrader, "health", *admin))},
		{Name: "tree", Runner: tree},
	})
	service.Main(root, service.Options{Grace: 20 * time.Second})
}

// listen returns the listener of the old process, if there is one.
func listen(upgrader *tableflip.Upgrader, name, address string) net.Listener {
	listener, err := upgrader.Listen("tcp", address)
	if err != nil {
		fail(err)
	}
	slog.Info(name+" listens", "address", listener.Addr().String())
	return listener
}

func fail(err error) {
	slog.Error("service failed", "err", err)
	os.Exit(1)
}

func whoAmI(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, os.Getpid()) }
