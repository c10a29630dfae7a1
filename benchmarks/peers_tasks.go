package benchmarks

import (
	"context"

	"github.com/sourcegraph/conc/pool"
	"golang.org/x/sync/errgroup"
)

var errgroups = Library{
	Name:   "errgroup",
	Module: "golang.org/x/sync",
	Lacks:  "names, readiness, order, events, signals: all stop by one context; only the first error is kept",
	Jobs: map[Work]Job{
		Parallel: {Prepare: errgroupAll, Max: largestOfPeers},
		Dynamic:  {Prepare: errgroupAll, Max: largestOfPeers},
		Tasks:    {Prepare: errgroupTasks},
	},
}

func errgroupAll(n int, observer Observer) Op {
	parts := newParts(n, observer)
	return Op{Units: n, Start: func() func() {
		ctx, cancel := context.WithCancel(context.Background())
		group, ctx := errgroup.WithContext(ctx)
		for i := range parts {
			group.Go(func() error { return parts[i].Serve(ctx) })
		}
		return func() {
			cancel()
			_ = group.Wait()
		}
	}}
}

func errgroupTasks(capacity int, observer Observer) Op {
	parts := newParts(tasksInOne, observer)
	return Op{Units: len(parts), Start: func() func() {
		var group errgroup.Group
		group.SetLimit(capacity)
		for i := range parts {
			group.Go(func() error {
				task{&parts[i]}.do()
				return nil
			})
		}
		_ = group.Wait()
		return func() {}
	}}
}

var concPools = Library{
	Name:   "conc",
	Module: "github.com/sourcegraph/conc",
	Lacks:  "names, readiness, order, events, signals: all stop by one context",
	Jobs: map[Work]Job{
		Parallel: {Prepare: concAll, Max: largestOfPeers},
		Dynamic:  {Prepare: concAll, Max: largestOfPeers},
		Tasks:    {Prepare: concTasks},
	},
}

func concAll(n int, observer Observer) Op {
	parts := newParts(n, observer)
	return Op{Units: n, Start: func() func() {
		ctx, cancel := context.WithCancel(context.Background())
		group := pool.New().WithContext(ctx)
		for i := range parts {
			group.Go(parts[i].Serve)
		}
		return func() {
			cancel()
			_ = group.Wait()
		}
	}}
}

func concTasks(capacity int, observer Observer) Op {
	parts := newParts(tasksInOne, observer)
	return Op{Units: len(parts), Start: func() func() {
		group := pool.New().WithMaxGoroutines(capacity)
		for i := range parts {
			group.Go(task{&parts[i]}.do)
		}
		group.Wait()
		return func() {}
	}}
}
