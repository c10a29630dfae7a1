package trees

import (
	"os"

	"github.com/seed-3b777528/grouper"
	"github.com/tedsuo/ifrit"
	"github.com/tedsuo/ifrit/restart"
	"github.com/tedsuo/ifrit/sigmon"
)

// A layer is what a runner may be put into.
type layer struct {
	apply     func(ifrit.Runner) ifrit.Runner
	visible   bool // in a Wrap
	runsAgain bool // S2
}

type layers []layer

// newLayers chooses layers, the innermost one first. A few are not in a Wrap:
// what is inside them is seen by nobody.
func (t *tree) newLayers() (all layers) {
	for t.oneIn(4) {
		l := layer{visible: !t.oneIn(6)}
		switch t.IntN(6) {
		case 0:
			l.apply = nil
		case 1:
			l.apply = func(inside ifrit.Runner) ifrit.Runner { return inside }
		case 2:
			l.apply = passing
		case 3:
			l.apply = func(inside ifrit.Runner) ifrit.Runner { return sigmon.New(inside, outside) }
		case 4:
			times := 1 + t.IntN(2)
			l.apply, l.runsAgain = func(inside ifrit.Runner) ifrit.Runner { return restarted(inside, times) }, true
		case 5:
			l.apply, l.visible = t.newObserver(), false
		}
		all = append(all, l)
	}
	return all
}

func (all layers) around(runner ifrit.Runner) ifrit.Runner {
	for _, l := range all {
		switch {
		case l.visible || l.apply == nil:
			runner = grouper.Wrap(runner, l.apply)
		default:
			runner = l.apply(runner)
		}
	}
	return runner
}

func (all layers) runAgain() bool {
	for _, l := range all {
		if l.runsAgain {
			return true
		}
	}
	return false
}

// passing runs what is inside, and does nothing else.
func passing(inside ifrit.Runner) ifrit.Runner {
	return ifrit.RunFunc(func(signals <-chan os.Signal, ready chan<- struct{}) error {
		return inside.Run(signals, ready)
	})
}

func restarted(runner ifrit.Runner, times int) ifrit.Runner {
	return ifrit.RunFunc(func(signals <-chan os.Signal, ready chan<- struct{}) error {
		left := times
		load := func(ifrit.Runner, error) ifrit.Runner {
			if left--; left < 0 {
				return nil
			}
			return runner
		}
		return restart.Restarter{Runner: runner, Load: load}.Run(signals, ready)
	})
}
