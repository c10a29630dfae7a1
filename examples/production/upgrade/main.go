// Upgrade is a service that is replaced by a newer build of itself, by SIGHUP,
// without a moment in which nobody listens.
package main

import (
	"flag"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"time"

	"github.com/cloudflare/tableflip"
	"github.com/seed-3b777528/grouper"
	"github.com/seed-3b777528/grouper/runners"
	"github.com/seed-3b777528/grouper/service"
)

var api = flag.String("api", "localhost:8080", "`address` of the API")

func main() {
	flag.Parse()
	slog.SetDefault(slog.With("pid", os.Getpid()))
	upgrader, err := tableflip.New(tableflip.Options{UpgradeTimeout: time.Minute})
	if err != nil {
		fail(err)
	}
	listener, err := upgrader.Listen("tcp", *api) // that of the old process, if there is one
	if err != nil {
		fail(err)
	}
	slog.Info("api listens", "address", listener.Addr().String())
	root := grouper.NewOrdered(os.Interrupt, grouper.Members{
		{Name: "api", Runner: runners.HTTP(&http.Server{Handler: http.HandlerFunc(whoAmI)}, listener)},
		{Name: "upgrades", Runner: upgrades(upgrader)},
	})
	service.Main(root, service.Options{Grace: 20 * time.Second})
}

func fail(err error) {
	slog.Error("service failed", "err", err)
	os.Exit(1)
}

func whoAmI(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, os.Getpid()) }
