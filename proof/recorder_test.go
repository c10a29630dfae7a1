package proof

import (
	"slices"
	"sync"
	"time"

	"github.com/seed-3b777528/grouper"
)

// A recorder is the observer of one run of a group.
type recorder struct {
	mu     sync.Mutex // guards events
	events []grouper.Event

	rested int // how many of the events there were when everything last settled
	lives  map[string]*life
}

// A life is the latest start of a member, or the latest run inside it.
type life struct {
	times   grouper.Times
	last    time.Time
	running bool
}

func (r *recorder) observe(e grouper.Event) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.events = append(r.events, e)
}

func (r *recorder) soFar() []grouper.Event {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.events)
}

// trail makes the events since everything last settled a trail. All of them
// have happened now, as the time of a bubble stands still meanwhile.
func (h *harness) trail(r *recorder) trail {
	t := trail{concurrent: !h.script.sequential()}
	events := r.soFar()
	for _, e := range events[r.rested:] {
		if !e.At.Equal(time.Now()) {
			h.fault("V7: %+v, but it is %v", e, time.Now())
		}
		h.checkAfter(r.lifeOf(e.Path, e.Run), e)
		t = t.add(pathLetter(e.Path), e.Run, stateLetters[e.State], h.detail(e))
	}
	if r.rested < len(events) && isClosed(h.exited) {
		h.checkOrder(events)
	}
	r.rested = len(events)
	return t
}

func (r *recorder) lifeOf(path string, run int) *life {
	key := path + "#" + string(rune('0'+run))
	if r.lives == nil {
		r.lives = make(map[string]*life)
	}
	if r.lives[key] == nil {
		r.lives[key] = new(life)
	}
	return r.lives[key]
}

// checkAfter holds the times of an event to V7. A member that was not started
// has no life, even if another of its name has one.
func (h *harness) checkAfter(l *life, e grouper.Event) {
	after := time.Duration(0)
	notStarted := e.Run == 0 && toResult(e.Err) == duplicate
	switch {
	case notStarted:
	case e.State == grouper.StateStarting:
		*l = life{last: e.At, running: true, times: grouper.Times{Started: e.At}}
	case !l.running:
		h.fault("V1: %+v, but it was not started", e)
	default:
		after = e.At.Sub(l.last)
		l.enter(e)
	}
	if e.After != after {
		h.fault("V7: %+v came %v after the event before it", e, after)
	}
}

func (l *life) enter(e grouper.Event) {
	l.last = e.At
	switch e.State {
	case grouper.StateReady:
		l.times.Ready = e.At
	case grouper.StateStopping:
		if l.times.Stopping.IsZero() {
			l.times.Stopping = e.At
		}
	case grouper.StateExited:
		l.times.Exited = e.At
		l.running = false
	}
}

// detail is the letter of an event's signal or error.
func (h *harness) detail(e grouper.Event) byte {
	switch {
	case e.State == grouper.StateStopping:
		return letters[e.Signal]
	case e.State != grouper.StateExited && (e.Signal != nil || e.Err != nil):
		return '?'
	case e.State != grouper.StateExited:
		return noDetail
	case e.Path != "":
		return toResult(e.Err)
	case h.describe(e.Err) != h.describe(h.err):
		return '?'
	case e.Err != nil:
		return anError
	}
	return noError
}

func pathLetter(path string) byte {
	switch len(path) {
	case 0:
		return rootPath
	case 1:
		return path[0]
	}
	return '?'
}

// checkTimes compares the times that Inspect returns with those of the events.
func (h *harness) checkTimes(r *recorder, status grouper.Status) {
	for _, m := range status.Members {
		h.checkEqual(m.Name, m.Times, r.lifeOf(m.Name, 0).times)
		if w := m.Wrapped; w != nil && w.Runs > 0 {
			h.checkEqual(m.Name, w.Times, r.lifeOf(m.Name, w.Runs).times)
		}
	}
}

func (h *harness) checkEqual(name string, inspected, observed grouper.Times) {
	equal := inspected.Started.Equal(observed.Started) && inspected.Ready.Equal(observed.Ready) &&
		inspected.Stopping.Equal(observed.Stopping) && inspected.Exited.Equal(observed.Exited)
	if !equal {
		h.fault("V7: Inspect returns %+v of %s, its events %+v", inspected, name, observed)
	}
}
