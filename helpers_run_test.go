package grouper_test

import (
	"os"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/seed-3b777528/grouper"
	"github.com/tedsuo/ifrit"
)

// A run is a started runner, with no goroutine but its own.
type run struct {
	signals chan os.Signal
	ready   chan struct{}
	exited  bool
	err     error
}

// start runs a runner and lets it settle.
func start(runner ifrit.Runner) *run {
	r := &run{signals: make(chan os.Signal), ready: make(chan struct{})}
	go func() {
		r.err = runner.Run(r.signals, r.ready)
		r.exited = true
	}()
	settle()
	return r
}

// signal sends the runner a signal, which it must take, and lets it settle.
func (r *run) signal(signal os.Signal) {
	r.signals <- signal
	settle()
}

func (r *run) isReady() bool {
	select {
	case <-r.ready:
		return true
	default:
		return false
	}
}

// trace is what the run has returned, one line per exit.
func (r *run) trace() []string {
	GinkgoHelper()
	Expect(r.exited).To(BeTrue(), "the group has not exited")
	var trace grouper.ErrorTrace
	Expect(r.err).To(BeAssignableToTypeOf(trace))
	return lines(r.err.(grouper.ErrorTrace)...)
}

func lines(exits ...grouper.ExitEvent) []string {
	var lines []string
	for _, exit := range exits {
		line := exit.Member.Name
		if exit.Err != nil {
			line += ": " + exit.Err.Error()
		}
		lines = append(lines, line)
	}
	return lines
}

// endAfter looks at the run, then interrupts it.
func (r *run) endAfter(look func()) {
	GinkgoHelper()
	look()
	r.signal(interrupt)
	Expect(r.exited).To(BeTrue())
	Expect(r.err).NotTo(HaveOccurred())
}
