package benchmarks

import (
	"context"

	"go.uber.org/fx"
)

var fxLifecycle = Library{
	Name:    "fx",
	Module:  "go.uber.org/fx",
	Readies: true,
	Lacks:   "members that start together, exits of members, members that come later; what starts in a hook is the hook's own affair",
	Jobs:    map[Work]Job{Ordered: {Prepare: fxHooks, Max: largestOfPeers}},
}

func fxHooks(n int, observer Observer) Op {
	parts := newParts(n, observer)
	return Op{Units: n, Start: func() func() {
		app := fx.New(fx.NopLogger, fx.Invoke(func(lifecycle fx.Lifecycle) {
			for i := range parts {
				lifecycle.Append(parts[i].hook())
			}
		}))
		ctx := context.Background()
		must(app.Start(ctx))
		return func() { must(app.Stop(ctx)) }
	}}
}

// hook makes the part ready, and does the rest in a goroutine, since hooks must
// return soon.
func (p *part) hook() fx.Hook {
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	return fx.Hook{
		OnStart: func(context.Context) error {
			p.begin()
			go func() {
				p.wait(ctx)
				close(ended)
			}()
			return nil
		},
		OnStop: func(context.Context) error {
			cancel()
			<-ended
			return nil
		},
	}
}
