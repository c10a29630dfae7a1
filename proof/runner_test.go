package proof

import (
	"fmt"
	"os"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/seed-3b777528/grouper"
	"github.com/tedsuo/ifrit"
)

// A scriptedRunner is a member's runner, which does what the script says. In a
// wrapper it may run again.
type scriptedRunner struct {
	name     string
	accepted atomic.Bool
	result   chan byte
	signals  []byte

	mu                         sync.Mutex // guards what follows
	started, isReady, returned bool       // returned: or is about to
	ready                      chan<- struct{}
}

func (r *scriptedRunner) Run(signals <-chan os.Signal, ready chan<- struct{}) error {
	r.begin(ready)
	for {
		select {
		case signal := <-signals:
			r.signals = append(r.signals, letters[signal])
		case result := <-r.result:
			if result == goexit {
				runtime.Goexit()
			}
			return toError(result)
		}
	}
}

func (r *scriptedRunner) begin(ready chan<- struct{}) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.started, r.isReady, r.returned, r.ready = true, false, false, ready
}

// becomeReady reports whether the member could. If it may run again, it cannot
// between two runs.
func (r *scriptedRunner) becomeReady(mayRunAgain bool) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.started || r.isReady || r.returned && mayRunAgain {
		return false
	}
	r.isReady = true
	close(r.ready)
	return true
}

// exit reports whether the member could.
func (r *scriptedRunner) exit(result byte) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.started || r.returned {
		return false
	}
	r.returned = true
	r.result <- result
	return true
}

func (r *scriptedRunner) state() (started, returned bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.started, r.returned
}

func (r *scriptedRunner) isRunning() bool {
	started, returned := r.state()
	return started && !returned
}

// member returns the member with a number.
func (h *harness) member(i int, name byte, noRunner bool) grouper.Member {
	m := grouper.Member{Name: string(name)}
	if !noRunner {
		m.Runner = indexedRunner{i, h}
	}
	if h.script.wraps != 0 {
		m.Runner = grouper.Wrap(m.Runner, wrapOf(h.script.wraps))
		h.numbers.Store(m.Runner, i)
	}
	return m
}

func wrapOf(letter byte) func(ifrit.Runner) ifrit.Runner {
	return func(inside ifrit.Runner) ifrit.Runner {
		if letter == identity {
			return inside
		}
		return ifrit.RunFunc(func(signals <-chan os.Signal, ready chan<- struct{}) error {
			err := inside.Run(signals, ready)
			if err != nil && letter == again {
				err = inside.Run(signals, ready)
			}
			return err
		})
	}
}

// An indexedRunner runs the scriptedRunner of the group's latest run.
type indexedRunner struct {
	i       int
	harness *harness
}

func (r indexedRunner) Run(signals <-chan os.Signal, ready chan<- struct{}) error {
	return r.harness.runners[r.i].Run(signals, ready)
}

// memberNumber returns the number of a member, as a digit.
func (h *harness) memberNumber(m grouper.Member) string {
	if r, ok := m.Runner.(indexedRunner); ok {
		return fmt.Sprint(r.i)
	}
	if i, ok := h.numbers.Load(m.Runner); ok {
		return fmt.Sprint(i)
	}
	if name := m.Name[0]; name >= 'a' {
		return fmt.Sprint(name - 'a') // of a static group
	}
	return m.Name
}
