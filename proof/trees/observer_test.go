package trees

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"sync"
	"time"

	"github.com/seed-3b777528/grouper"
	"github.com/tedsuo/ifrit"
)

// newObserver returns a layer that observes what is inside. The observer may be
// slow, or end early.
func (t *tree) newObserver() func(ifrit.Runner) ifrit.Runner {
	pause, slow, lasts := t.moment(), 3*t.IntN(4), -1
	if t.oneIn(8) {
		lasts = t.IntN(10)
	}
	return func(runner ifrit.Runner) ifrit.Runner {
		o, seen := newObserved(t), 0
		observe := func(e grouper.Event) {
			if seen == lasts {
				runtime.Goexit() // V5: it is called no more in this run
			}
			if seen++; seen <= slow {
				time.Sleep(pause)
			}
			o.take(e)
		}
		return grouper.Wrap(grouper.Observe(runner, observe), func(inside ifrit.Runner) ifrit.Runner {
			return ifrit.RunFunc(func(signals <-chan os.Signal, ready chan<- struct{}) error {
				err := inside.Run(signals, ready)
				if lasts < 0 {
					o.checkEnd(err)
				}
				return err
			})
		})
	}
}

// An observed is what an observer knows of what it observes.
type observed struct {
	t     *tree
	mu    sync.Mutex // guards lives
	lives map[string]*life
	last  grouper.Event
}

// A life is the latest start of a member, or the latest run inside it.
type life struct {
	running bool
	times   grouper.Times
	last    time.Time
	err     error
}

func newObserved(t *tree) *observed { return &observed{t: t, lives: make(map[string]*life)} }

func keyOf(path string, run int) string { return fmt.Sprintf("%s#%d", path, run) }

func (o *observed) life(path string, run int) *life {
	key := keyOf(path, run)
	if o.lives[key] == nil {
		o.lives[key] = new(life)
	}
	return o.lives[key]
}

// take holds an event to V1, V2, V3 and V7.
func (o *observed) take(e grouper.Event) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.last = e
	o.t.events.Add(1)
	l := o.life(e.Path, e.Run)
	after := time.Duration(0)
	switch {
	case isRefusal(e):
	case e.At.Before(l.last):
		o.t.Errorf("V7: %+v came before %v", e, l.last)
	case (e.State == grouper.StateStarting) == l.running:
		o.t.Errorf("V1: %+v, but that it is running is %t", e, l.running)
	case e.State == grouper.StateStarting:
		*l = life{running: true, last: e.At, times: grouper.Times{Started: e.At}}
		o.checkPlace(e)
	default:
		after = e.At.Sub(l.last)
		l.enter(e)
	}
	if e.After != after {
		o.t.Errorf("V7: %+v came %v after the event before it", e, after)
	}
	if e.State == grouper.StateExited && !isRefusal(e) {
		o.checkBelow(e)
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
		l.running, l.times.Exited, l.err = false, e.At, e.Err
	}
}

// isRefusal: D3. A static group with duplicate names was started.
func isRefusal(e grouper.Event) bool {
	refusal, ok := e.Err.(grouper.ErrDuplicateNames)
	return ok && e.After == 0 && e.Run == 0 && len(refusal.DuplicateNames) == 1 &&
		(e.Path == refusal.DuplicateNames[0] || strings.HasSuffix(e.Path, "/"+refusal.DuplicateNames[0]))
}

// checkPlace: a member starts in a group that runs, and a run inside a Wrap in a
// member that does.
func (o *observed) checkPlace(e grouper.Event) {
	if !o.life("", 0).running {
		o.t.Errorf("V3: %+v, before what is observed has started", e)
	}
	if e.Run > 0 && !o.life(e.Path, 0).running {
		o.t.Errorf("V2: %+v, in a member that does not run", e)
	}
}

// checkBelow: everybody below has exited before.
func (o *observed) checkBelow(e grouper.Event) {
	for key, l := range o.lives {
		below := e.Path == "" && e.Run == 0 || e.Path != "" && strings.HasPrefix(key, e.Path+"/") ||
			e.Run == 0 && strings.HasPrefix(key, e.Path+"#")
		if below && l.running {
			o.t.Errorf("V3: %+v, before the exit of %s", e, key)
		}
	}
}

// checkEnd: the last event is the exit, with what Run has returned.
func (o *observed) checkEnd(err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.last.Path != "" || o.last.State != grouper.StateExited || fmt.Sprint(o.last.Err) != fmt.Sprint(err) {
		o.t.Errorf("V5: Run returned %v, and the last event was %+v", err, o.last)
	}
}

// checkStatus compares what Inspect returns with the events so far, when nothing
// moves.
func (o *observed) checkStatus(status grouper.Status) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for path, member := range status.All() {
		if member.State == grouper.StatePending {
			if o.life(path, 0).running {
				o.t.Errorf("V1: %s is running for its observer, and pending for Inspect", path)
			}
			continue
		}
		o.compare(keyOf(path, 0), member.Times)
		if leaf := o.t.bare[path]; leaf != nil {
			leaf.checkReady(member)
		}
		if w := member.Wrapped; w != nil && w.Runs > 0 {
			o.compare(keyOf(path, w.Runs), w.Times)
		}
	}
}

func (o *observed) compare(key string, inspected grouper.Times) {
	o.t.compared.Add(1)
	l := o.lives[key]
	if l == nil {
		o.t.Errorf("V1: no event of %s, whose times are %+v", key, inspected)
		return
	}
	if i, e := inspected, l.times; !i.Started.Equal(e.Started) || !i.Ready.Equal(e.Ready) ||
		!i.Stopping.Equal(e.Stopping) || !i.Exited.Equal(e.Exited) {
		o.t.Errorf("V7: Inspect returns %+v of %s, its events %+v", i, key, e)
	}
}
