// Service is a small job service, built as a tree of groups:
//
//	root              ordered: started from the top, stopped from the bottom
//	├── store         a bbolt file, in which every accepted job is kept
//	├── workers       dynamic: one member for each running job, up to -workers
//	│   └── 1, 2, ...
//	├── backlog       takes up what an earlier run left unfinished
//	└── api           POST /jobs, GET /jobs, GET /jobs/{id}
//
// Package service runs it, beside a server for /livez, /readyz, /status and
// /metrics that outlives the tree. Try it:
//
//	go run -C examples ./service -demo
//	go run -C examples ./service &
//	curl -i -d '{"name": "mail", "duration": "5s"}' localhost:8080/jobs
//	curl localhost:8080/jobs
//	curl localhost:8081/status
//	curl localhost:8081/metrics
//
// SIGUSR1 makes it draw the tree, as /status does. Ctrl-C or SIGTERM stops it;
// if that takes long, it logs who is waited for, and after -grace, or at a
// second signal, it stops at once. It exits with 0 after a stop that was not
// forced, with 1 after one that was or if a member failed, and with 2 if its
// flags make no sense.
package main

import (
	"log"
	"log/slog"
	"os"
	"time"

	"github.com/seed-3b777528/grouper"
	"github.com/seed-3b777528/grouper/runners"
	"github.com/seed-3b777528/grouper/service"
	"github.com/tedsuo/ifrit"
)

func main() {
	log.SetFlags(log.Ltime | log.Lmicroseconds)
	c := parseFlags()
	if c.demo {
		if err := runDemo(c); err != nil {
			log.Fatal("demo failed: ", err)
		}
		return
	}
	slog.Info("starting", "api", "http://"+c.api, "status", "http://"+c.admin+"/status", "db", c.db, "pid", os.Getpid())
	root, options := compose(c)
	drawOnUSR1(root)
	service.Main(root, options)
}

// compose returns the service, and how it is run. More members can be put on
// top of it: they are started after all others, and stopped before them.
func compose(c config, top ...grouper.Member) (ifrit.Runner, service.Options) {
	store := &store{path: c.db}
	workers := grouper.NewDynamic(nil, c.workers, 0) // nil: a failed job leaves the others alone
	backlog := backlog{store, workers.Client()}
	api := api{store, workers.Client()}

	root := grouper.NewOrdered(os.Interrupt, append(grouper.Members{
		{Name: "store", Runner: runners.OpenClose(store.open, store.close)},
		{Name: "workers", Runner: workers},
		{Name: "backlog", Runner: grouper.ContextFunc(backlog.run)},
		{Name: "api", Runner: runners.HTTP(api.server(c.api), nil)},
	}, top...))

	metrics := newMetrics(root)
	return grouper.Observe(root, metrics.observe), service.Options{
		StartUp:      time.Minute,
		Drain:        c.drain,
		Grace:        c.grace,
		Patience:     c.patience,
		Admin:        c.admin,
		AdminHandler: metrics.handler(),
	}
}
