// Service is a small job service, built as a tree of groups:
//
//	root              ordered: started from the top, stopped from the bottom
//	├── health        GET /healthz and GET /status, also while the others start and stop
//	├── store         a bbolt file, in which every accepted job is kept
//	├── workers       dynamic: one member for each running job, up to -workers
//	│   └── 1, 2, ...
//	├── backlog       takes up what an earlier run left unfinished
//	├── api           POST /jobs, GET /jobs, GET /jobs/{id}
//	└── readiness     makes /healthz say "ready", and "stopping" after a signal
//
// Try it:
//
//	go run -C examples ./service -demo
//	go run -C examples ./service &
//	curl -i -d '{"name": "mail", "duration": "5s"}' localhost:8080/jobs
//	curl localhost:8080/jobs
//	curl localhost:8081/status
//	curl -H 'Accept: application/json' localhost:8081/status
//
// SIGUSR1 makes it draw the tree, as /status does. Ctrl-C or SIGTERM stops it;
// if that takes long, it logs what it waits for. It exits with 0 after such a
// signal, with 1 if a member failed, and with 2 if its flags make no sense.
package main

import (
	"cmp"
	"errors"
	"flag"
	"log"
	"log/slog"
	"os"
	"path"
	"syscall"

	"github.com/seed-3b777528/grouper"
	"github.com/tedsuo/ifrit/http_server"
	"github.com/tedsuo/ifrit/sigmon"
)

func main() {
	log.SetFlags(log.Ltime | log.Lmicroseconds)
	os.Exit(run(os.Args[1:]))
}

func run(args []string) (exitCode int) {
	c, err := parseFlags(args, os.Stderr)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		return 2
	}

	if c.demo {
		err = runDemo(c)
	} else {
		slog.Info("starting", "api", "http://"+c.api, "health", "http://"+c.health, "db", c.db, "pid", os.Getpid())
		err = serve(c)
	}
	if err != nil {
		report("", err)
		return 1
	}
	return 0
}

// serve runs the service until a signal has stopped it or one of its members
// has failed. More members can be put on top of it: they are started when it
// is ready, and stopped before it is.
func serve(c config, top ...grouper.Member) error {
	store := &store{path: c.db}
	workers := grouper.NewDynamic(nil, c.workers, 0) // nil: a failed job leaves the others alone
	readiness := &readiness{grace: c.grace}
	api := api{store: store, workers: workers.Client()}
	watch := &watch{interval: c.report}

	watch.root = grouper.NewOrdered(syscall.SIGTERM, append(logged("", grouper.Members{
		{Name: "health", Runner: http_server.New(c.health, healthHandler(readiness, watch))},
		{Name: "store", Runner: store},
		{Name: "workers", Runner: workers},
		{Name: "backlog", Runner: backlog{store, workers.Client()}},
		{Name: "api", Runner: http_server.New(c.api, api.handler())},
		{Name: "readiness", Runner: readiness},
	}), top...))

	return watch.run(sigmon.New(watch.root))
}

// report logs which member failed, and why. The error of a group is the trace
// of its members' exits, so the reason is found at the end of the branches.
func report(member string, err error) {
	var trace grouper.ErrorTrace
	if !errors.As(err, &trace) {
		slog.Error("service failed", "member", cmp.Or(member, "root"), "err", err)
		return
	}
	for _, exit := range trace {
		if exit.Err != nil {
			report(path.Join(member, exit.Member.Name), exit.Err)
		}
	}
}
