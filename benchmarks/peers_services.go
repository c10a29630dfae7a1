package benchmarks

import (
	"context"
	"time"

	"github.com/oklog/run"
	"github.com/thejerf/suture/v4"
)

var oklogRun = Library{
	Name:   "oklog",
	Module: "github.com/oklog/run",
	Lacks:  "names, readiness, order, members that come later; only the first error is kept",
	Jobs:   map[Work]Job{Parallel: {Prepare: oklogAll, Max: largestOfPeers}},
}

func oklogAll(n int, observer Observer) Op {
	parts := newParts(n, observer)
	return Op{Units: n, Start: func() func() {
		ctx, cancel := context.WithCancel(context.Background())
		var group run.Group
		group.Add(run.ContextHandler(ctx))
		for i := range parts {
			ctx, cancel := context.WithCancel(context.Background())
			group.Add(func() error { return parts[i].Serve(ctx) }, func(error) { cancel() })
		}
		ended := make(chan error)
		go func() { ended <- group.Run() }()
		return func() {
			cancel()
			<-ended
		}
	}}
}

var sutures = Library{
	Name:   "suture",
	Module: "github.com/thejerf/suture/v4",
	Lacks:  "readiness, order, capacity, events of exits without a failure; it restarts members that fail",
	Jobs: map[Work]Job{
		Parallel: {Prepare: sutureAll, Max: largestOfPeers},
		Dynamic:  {Prepare: sutureLater, Max: largestOfPeers},
		Deep:     {Prepare: sutureDeep},
		Wide:     {Prepare: sutureWide},
	},
}

func newSupervisor() *suture.Supervisor {
	return suture.New("group", suture.Spec{
		EventHook: func(suture.Event) {},
		Timeout:   time.Hour, // after which it would leave members behind
	})
}

func supervise(parts []part) *suture.Supervisor {
	group := newSupervisor()
	for i := range parts {
		group.Add(&parts[i])
	}
	return group
}

func serve(group *suture.Supervisor) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	ended := group.ServeBackground(ctx)
	return func() {
		cancel()
		<-ended
	}
}

func sutureAll(n int, observer Observer) Op {
	parts := newParts(n, observer)
	return Op{Units: n, Start: func() func() { return serve(supervise(parts)) }}
}

func sutureLater(n int, observer Observer) Op {
	parts := newParts(n, observer)
	return Op{Units: n, Start: func() func() {
		group := newSupervisor()
		stop := serve(group)
		for i := range parts {
			group.Add(&parts[i])
		}
		return stop
	}}
}

// A supervisor serves once, so each Start builds a new tree of them.
func sutureDeep(n int, observer Observer) Op {
	parts := newParts(1, observer)
	return Op{Units: n, Start: func() func() {
		group := supervise(parts)
		for range n - 1 {
			above := newSupervisor()
			above.Add(group)
			group = above
		}
		return serve(group)
	}}
}

func sutureWide(n int, observer Observer) Op {
	parts := newParts(n*groupOfWide, observer)
	return Op{Units: len(parts), Start: func() func() {
		root := newSupervisor()
		for i := range n {
			root.Add(supervise(parts[i*groupOfWide : (i+1)*groupOfWide]))
		}
		return serve(root)
	}}
}
