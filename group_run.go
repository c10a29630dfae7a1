package grouper

import (
	"os"
	"sync"
	"time"
)

// A groupRun is one run of a group, and what can be seen of it.
type groupRun struct {
	members runningMembers
	loop    loop
}

type runningMembers interface {
	all() []*process
	// candidates returns the members that a path may lead to or through.
	candidates(path string) []*process
}

// newRun returns a run of a group that begins now, with what its loop needs, but
// without members.
func newRun(p place, below *observers, termination os.Signal, signals <-chan os.Signal) *groupRun {
	run := new(groupRun)
	l := &run.loop
	l.place, l.observers, l.termination, l.signals = p, below, termination, signals
	l.mailbox.wake = make(chan struct{}, 1)
	l.mailbox.quorum = 1
	l.times.started = l.clock.now() // nobody can see it yet
	return run
}

// status returns the status of the group that the run is of.
func (r *groupRun) status(g group, now time.Time) Status {
	times, signal := r.loop.progress.read()
	status := Status{Kind: g.kind(), Signal: signal}
	members := r.members.all()
	status.Members = make([]MemberStatus, len(members))
	for i, p := range members {
		status.Members[i] = p.status(now)
	}
	status.Closed = g.isClosed()
	status.State, status.Since, status.For, status.Times = times.describe(now)
	return status
}

// A progress is how far a run of a group has come. Only its loop writes it, and
// reads it without the lock.
type progress struct {
	mu     sync.Mutex // guards what follows
	times  times
	signal os.Signal // the latest one propagated, nil until shutting down
}

func (p *progress) read() (times, os.Signal) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.times, p.signal
}

func (p *progress) enter(state State, at instant) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.times.enter(state, at)
}

func (p *progress) enterStopping(at instant, signal os.Signal) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.signal = signal
	p.times.enter(StateStopping, at)
}

func (p *progress) shuttingDown() bool { return p.times.stopping != 0 }

// startingUp reports whether members may still be started, and the group become
// ready (G5, G7).
func (p *progress) startingUp() bool {
	state, _ := p.times.state()
	return state == StateStarting
}
