package proof

import (
	"fmt"
	"os"
	"runtime"
	"sync/atomic"

	"github.com/seed-3b777528/grouper"
)

// A scriptedRunner is a member's runner, which does what the script says.
type scriptedRunner struct {
	name                                 string
	accepted, started, isReady, returned atomic.Bool
	ready                                chan<- struct{}
	result                               chan byte
	signals                              []byte
}

func (r *scriptedRunner) Run(signals <-chan os.Signal, ready chan<- struct{}) error {
	r.ready = ready
	r.started.Store(true)
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

// becomeReady reports whether the member could.
func (r *scriptedRunner) becomeReady() bool {
	if !r.started.Load() || !r.isReady.CompareAndSwap(false, true) {
		return false
	}
	close(r.ready)
	return true
}

// exit reports whether the member could.
func (r *scriptedRunner) exit(result byte) bool {
	if !r.started.Load() || !r.returned.CompareAndSwap(false, true) {
		return false
	}
	r.result <- result
	return true
}

func (r *scriptedRunner) isRunning() bool { return r.started.Load() && !r.returned.Load() }

// member returns the member with a number.
func (h *harness) member(i int, name byte, noRunner bool) grouper.Member {
	m := grouper.Member{Name: string(name)}
	if !noRunner {
		m.Runner = indexedRunner{i, h}
	}
	return m
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
func memberNumber(m grouper.Member) string {
	if r, ok := m.Runner.(indexedRunner); ok {
		return fmt.Sprint(r.i)
	}
	if name := m.Name[0]; name >= 'a' {
		return fmt.Sprint(name - 'a') // of a static group
	}
	return m.Name
}
