// Grouper is the service as a tree of groups.
package main

import (
	"log/slog"
	"os"
	"strconv"

	"github.com/seed-3b777528/grouper"
	"github.com/seed-3b777528/grouper/examples/compared/parts"
	"github.com/seed-3b777528/grouper/runners"
	"github.com/seed-3b777528/grouper/service"
)

func main() {
	slog.SetLogLoggerLevel(slog.LevelDebug) // so that starts are logged
	p := parts.New()
	workers := make(grouper.Members, parts.Workers)
	for i := range workers {
		workers[i] = grouper.Member{Name: strconv.Itoa(i), Runner: grouper.WorkerFunc(p.Queue.Work)}
	}
	root := grouper.NewOrdered(os.Interrupt, grouper.Members{
		{Name: "db", Runner: runners.OpenClose(p.DB.Open, p.DB.Close)},
		{Name: "migration", Runner: grouper.TaskFunc(p.DB.Migrate)},
		{Name: "broker", Runner: runners.Restart(grouper.ContextFunc(p.Broker.Run), runners.Policy{})},
		{Name: "config", Runner: grouper.WorkerFunc(p.Config.Watch)},
		{Name: "workers", Runner: grouper.NewParallel(os.Interrupt, workers)},
		{Name: "cleanup", Runner: runners.Every(parts.Interval, p.Queue.Cleanup)},
		{Name: "api", Runner: runners.HTTP(p.API, nil)},
	})
	service.Main(root, service.Options{Admin: p.Admin, AdminHandler: p.Metrics, Drain: p.Drain, Grace: p.Grace})
}
