package trees

import (
	"context"
	"os"

	"github.com/seed-3b777528/grouper"
	"github.com/tedsuo/ifrit"
)

// newAnyLeaf returns a runner without members: one that takes a context,
// or a leafRunner.
func (n *node) newAnyLeaf() ifrit.Runner {
	l := n.newLeaf()
	if l.goexits { // sigmon and restart would wait forever
		return l
	}
	layers := n.newLayers()
	if layers == nil {
		n.bare[n.path] = n
	}
	if l.another != nil || n.oneIn(2) {
		return layers.around(l)
	}
	switch n.IntN(3) {
	case 0:
		return layers.around(grouper.ContextFunc(l.runContext))
	case 1:
		return layers.around(grouper.TaskFunc(l.runTask))
	}
	l.readiness = 0
	worker := grouper.WorkerFunc(func(ctx context.Context) error { return l.runContext(ctx, func() {}) })
	return grouper.Wrap(layers.around(worker), func(inside ifrit.Runner) ifrit.Runner {
		return ifrit.RunFunc(func(signals <-chan os.Signal, ready chan<- struct{}) error {
			l.isReady() // C8: when it begins
			return inside.Run(signals, ready)
		})
	})
}

// runContext does what a leafRunner does, and may return the context's error.
func (l *leafRunner) runContext(ctx context.Context, ready func()) error {
	isReady, leaves := after(l.readiness), after(l.departure)
	done, later := ctx.Done(), grouper.LaterSignals(ctx)
	signaled := false
	for got := 0; ; {
		select {
		case <-isReady:
			if !signaled {
				l.isReady()
			}
			ready()
			continue
		case <-leaves:
			if l.stopsReading && ctx.Err() != nil {
				return ctx.Err() // C3: counts as nil
			}
			return l.result
		case <-done:
			done = nil
			if cause, ok := context.Cause(ctx).(grouper.SignalError); ok {
				signaled = l.isSignaled(cause.Signal)
			} else {
				l.Errorf("%s was canceled by %v", l.name, context.Cause(ctx)) // C1
			}
		case signal := <-later:
			signaled = l.isSignaled(signal) || signaled // C7
		}
		if got++; got == l.ignores+1 {
			leaves = after(l.stopping)
		}
	}
}

// runTask is done when it would be ready.
func (l *leafRunner) runTask(ctx context.Context) error {
	select {
	case <-after(l.readiness):
		if ctx.Err() != nil { // C4: interrupted
			return ctx.Err()
		}
		l.isReady()
		return nil
	case <-after(l.departure):
		if l.result == nil {
			l.isReady()
		}
		return l.result
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
