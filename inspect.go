package grouper

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"runtime/pprof"
	"runtime/trace"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"text/tabwriter"
	"time"
	"unicode"

	"github.com/tedsuo/ifrit"
)

// A Kind is what a group is made by, as a word.
type Kind string

const (
	KindParallel     Kind = "parallel"      // [NewParallel]
	KindOrdered      Kind = "ordered"       // [NewOrdered]
	KindQueueOrdered Kind = "queue-ordered" // [NewQueueOrdered]
	KindDynamic      Kind = "dynamic"       // [NewDynamic]
)

// A State is how far a member or a group has come, as a word:
//
//	pending ──▶ starting ──▶ ready ──▶ stopping ──▶ exited
//	               │                      ▲           ▲
//	               ├──────────────────────┤           │
//	               └──▶ failed ───────────┴───────────┘
//
// Whatever is running may exit without being stopped. Only a group fails.
type State string

const (
	StatePending  State = "pending"  // was not started
	StateStarting State = "starting" // runs, and is not ready
	StateReady    State = "ready"    // runs, and is ready
	StateFailed   State = "failed"   // runs, and never becomes ready: a member exited before it was
	StateStopping State = "stopping" // was signaled by its group; of a group: propagates a signal
	StateExited   State = "exited"   // its Run has returned
)

// A Status is what [Inspect] has seen of a group. It is plain data, and the
// caller's own.
type Status struct {
	Kind    Kind
	State   State
	Since   time.Time      // when it came into the state; zero while pending
	For     time.Duration  // how long that was ago
	Signal  os.Signal      // the latest one that is propagated; nil before that
	Closed  bool           // of a dynamic group: takes no members any more
	Members []MemberStatus // in their order; of a dynamic group those that run, in the order of their inserts
}

// A MemberStatus is what [Inspect] has seen of a member.
type MemberStatus struct {
	Name  string
	State State
	Since time.Time     // when it came into the state; zero while pending
	For   time.Duration // how long that was ago
	Err   error         // what its Run has returned, once it has exited
	Group *Status       // if its Runner is a group of this package
}

// Inspect tells how a group of this package is doing: what [NewParallel],
// [NewOrdered], [NewQueueOrdered] or [NewDynamic] returned. For any other
// Runner, nil too, and also for one that has such a group inside, ok is false.
//
// It may be called from any goroutine, before the group runs, while it starts,
// runs and shuts down, and afterwards. It does not block, and does not make
// the group wait. What it gives are the states of a moment: while a group is
// busy they may be a step apart. Of a static group that is run several times
// it sees the run that began last. Before the first one it reads the list of
// members that the group was made with, which must not be changed meanwhile.
//
// A member that its parallel group has not come to see ready, because it still
// waits for an earlier one, is ready since Inspect has first seen it.
func Inspect(runner ifrit.Runner) (status Status, ok bool) {
	g, ok := runner.(group)
	if !ok {
		return Status{}, false
	}
	return g.inspect(time.Now(), anytime), true
}

// WaitingFor gives the paths, like api/http, of the members that hold up the
// group's start-up or shutdown now: those that are not ready, or that have not
// exited. If such a member is a group that knows whom it waits for, these are
// given in its place. A dynamic group is held up by nobody before it is closed.
func (s Status) WaitingFor() []string {
	var paths []string
	for _, member := range s.Members {
		if !s.waitsFor(member) {
			continue
		}
		var below []string
		if member.Group != nil {
			below = member.Group.WaitingFor()
		}
		for _, path := range below {
			paths = append(paths, member.Name+"/"+path)
		}
		if below == nil {
			paths = append(paths, member.Name)
		}
	}
	return paths
}

func (s Status) waitsFor(member MemberStatus) bool {
	switch {
	case s.State == StateStarting || s.State == StateStopping:
		return member.State == s.State
	case s.State == StateReady && s.Closed:
		return member.State != StateExited
	}
	return false
}

// String draws the group as a tree, one line for each member, with a mark at
// those that [Status.WaitingFor] gives:
//
//	ordered group   stopping  2s      terminated
//	├── store       ready     1h0m5s
//	└── servers     stopping  2s      parallel group, terminated
//	    ├── api     stopping  2s      <- waiting
//	    └── health  exited    2s      error: connection lost
func (s Status) String() string {
	var padded, text strings.Builder
	drawing := drawing{tabwriter.NewWriter(&padded, 0, 0, 2, ' ', 0), s.WaitingFor()}
	drawing.line(strings.TrimSpace(string(s.Kind)+" group"), s.State, s.For, s.details()...)
	drawing.members(s, "", "")
	drawing.Flush()
	for line := range strings.Lines(padded.String()) {
		text.WriteString(strings.TrimRight(line, " \n") + "\n")
	}
	return text.String()
}

func (s Status) details() []string {
	var details []string
	if s.Signal != nil {
		details = append(details, s.Signal.String())
	} else if s.Closed {
		details = append(details, "closed")
	}
	return details
}

type drawing struct {
	*tabwriter.Writer
	waitingFor []string
}

func (d drawing) members(s Status, path, indent string) {
	for i, member := range s.Members {
		branch, below := "├── ", "│   "
		if i == len(s.Members)-1 {
			branch, below = "└── ", "    "
		}
		d.line(indent+branch+printable(member.Name), member.State, member.For, d.details(member, path+member.Name)...)
		if member.Group != nil {
			d.members(*member.Group, path+member.Name+"/", indent+below)
		}
	}
}

func (d drawing) details(member MemberStatus, path string) []string {
	var details []string
	if member.Group != nil {
		details = append(append(details, string(member.Group.Kind)+" group"), member.Group.details()...)
	}
	if member.Err != nil {
		details = append(details, "error: "+strings.ReplaceAll(strings.TrimSpace(member.Err.Error()), "\n", "; "))
	}
	if slices.Contains(d.waitingFor, path) {
		details = append(details, "<- waiting")
	}
	return details
}

func (d drawing) line(name string, state State, since time.Duration, details ...string) {
	fmt.Fprintf(d, "%s\t%s\t%s\t%s\n", name, state, age(state, since), strings.Join(details, ", "))
}

// printable gives a name as it is, unless it would spoil the drawing.
func printable(name string) string {
	if strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return strconv.Quote(name)
	}
	return name
}

// age gives for how long something has been in its state, with no more digits
// than anybody reads. What is pending has no age.
func age(state State, d time.Duration) string {
	if state == StatePending || state == "" {
		return ""
	}
	if d >= time.Minute {
		return d.Round(time.Second).String()
	}
	return d.Round(time.Millisecond).String()
}

// MarshalJSON gives states, signals and durations as words, and times as in
// RFC 3339.
func (s Status) MarshalJSON() ([]byte, error) {
	signal := ""
	if s.Signal != nil {
		signal = s.Signal.String()
	}
	return json.Marshal(struct {
		Kind       Kind           `json:"kind"`
		State      State          `json:"state"`
		Since      time.Time      `json:"since,omitzero"`
		For        string         `json:"for,omitempty"`
		Signal     string         `json:"signal,omitempty"`
		Closed     bool           `json:"closed,omitempty"`
		WaitingFor []string       `json:"waitingFor,omitempty"`
		Members    []MemberStatus `json:"members"`
	}{s.Kind, s.State, s.Since, age(s.State, s.For), signal, s.Closed, s.WaitingFor(), append([]MemberStatus{}, s.Members...)})
}

// MarshalJSON does as that of [Status], and gives the error as text.
func (m MemberStatus) MarshalJSON() ([]byte, error) {
	text := ""
	if m.Err != nil {
		text = m.Err.Error()
	}
	return json.Marshal(struct {
		Name  string    `json:"name"`
		State State     `json:"state"`
		Since time.Time `json:"since,omitzero"`
		For   string    `json:"for,omitempty"`
		Err   string    `json:"error,omitempty"`
		Group *Status   `json:"group,omitempty"`
	}{m.Name, m.State, m.Since, age(m.State, m.For), text, m.Group})
}

// A group is what all kinds of groups are, besides a Runner.
type group interface {
	ifrit.Runner
	// runAt is Run as the member at a path.
	runAt(path string, signals <-chan os.Signal, ready chan<- struct{}) error
	// inspect gives the status of the latest run, if it began no earlier than
	// the member that it is the run of.
	inspect(now time.Time, began int64) Status
}

// What is pending began never. In a bubble of [testing/synctest] it is earlier
// than the epoch, and times are negative.
const (
	anytime = math.MinInt64
	never   = math.MaxInt64
)

func (g *staticGroup) inspect(now time.Time, began int64) Status {
	run := g.latest.Load()
	if run == nil || run.noted.started.Load() < began {
		return Status{Kind: g.kind, State: StatePending, Members: g.members.pending()}
	}
	status := run.status(g.kind, now)
	if status.State == StateStarting && run.failed.isNoted() {
		status.State = StateFailed
		status.Since, status.For = run.failed.before(now)
	}
	awaited := true
	for i := range run.processes {
		p := &run.processes[i]
		if p.noted.started.isNoted() && !p.noted.ready.isNoted() {
			if !awaited { // the first one is the loop's to see
				p.isReady(new(clock))
			}
			awaited = false
		}
		status.Members = append(status.Members, p.status(now))
	}
	return status
}

func (m Members) pending() []MemberStatus {
	var pending []MemberStatus
	for _, member := range m {
		pending = append(pending, (&process{member: member}).status(time.Time{}))
	}
	return pending
}

func (g *dynamicGroup) inspect(now time.Time, began int64) Status {
	status := Status{Kind: KindDynamic, State: StatePending}
	if run := g.run.Load(); run != nil && run.noted.started.Load() >= began {
		status = run.status(KindDynamic, now)
		for _, p := range g.client.running() {
			status.Members = append(status.Members, p.status(now))
		}
	}
	status.Closed = g.client.isClosed()
	return status
}

func (l *loop) status(kind Kind, now time.Time) Status {
	status := Status{Kind: kind, Signal: l.latestSignal()}
	status.State, status.Since, status.For = l.noted.state(now)
	return status
}

func (p *process) status(now time.Time) MemberStatus {
	status := MemberStatus{Name: p.member.Name}
	status.State, status.Since, status.For = p.noted.state(now)
	if status.State == StateExited {
		status.Err = p.err
	}
	if g, ok := p.member.Runner.(group); ok {
		began := p.noted.started.Load()
		if began == 0 {
			began = never
		}
		nested := g.inspect(now, began)
		status.Group = &nested
	}
	return status
}

// A lifecycle is when a member, or a run of a group, came into its states. Any
// goroutine may read it.
type lifecycle struct {
	started, ready, stopping, exited moment
}

func (l *lifecycle) state(now time.Time) (State, time.Time, time.Duration) {
	for _, latest := range []struct {
		state State
		since *moment
	}{
		{StateExited, &l.exited}, {StateStopping, &l.stopping}, {StateReady, &l.ready}, {StateStarting, &l.started},
	} {
		if latest.since.isNoted() {
			since, age := latest.since.before(now)
			return latest.state, since, age
		}
	}
	return StatePending, time.Time{}, 0
}

// A moment is when something happened first, as a [clock] tells it.
type moment struct{ atomic.Int64 }

// note tells whether it was the first time.
func (m *moment) note(at int64) bool {
	return !m.isNoted() && m.CompareAndSwap(0, at)
}

func (m *moment) isNoted() bool { return m.Load() != 0 }

// before tells when it was, and for how long that has been so.
func (m *moment) before(now time.Time) (time.Time, time.Duration) {
	age := now.Sub(epoch) - time.Duration(m.Load())
	return now.Add(-age), age
}

// epoch is before anything happens. Time since then takes half of what it
// takes to tell the time.
var epoch = time.Now().Add(-1)

// A clock stands still while the loop handles an event, so that it has to be
// looked at only once, however many members the event is about.
type clock struct{ at int64 }

func (c *clock) now() int64 {
	if c.at == 0 {
		c.at = int64(time.Since(epoch))
	}
	return c.at
}

func (c *clock) move() { c.at = 0 }

// setLabel gives the goroutine, and what it starts, the profiler label of a
// member (I4).
func setLabel(path string) {
	pprof.SetGoroutineLabels(pprof.WithLabels(context.Background(), pprof.Labels("grouper.member", path)))
}

// A task is a member in an execution trace (I5): from its start, or from its
// first event while a trace is recorded.
type task struct {
	ctx context.Context
	*trace.Task
}

// trace logs what becomes of the member, if an execution trace is recorded. The
// message has the path too, for recordings in which the task did not begin,
// and the category, which go tool trace does not show.
func (p *process) trace(category, message string) {
	if !trace.IsEnabled() {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.task == nil {
		ctx, t := trace.NewTask(context.Background(), p.path)
		p.task = &task{ctx, t}
	}
	trace.Log(p.task.ctx, category, strings.TrimSpace(p.path+": "+category+" "+message))
}

func (p *process) traceExit() {
	if !trace.IsEnabled() {
		return
	}
	text := "nil"
	if p.err != nil {
		text = p.err.Error()
	}
	p.trace("exit", text)
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.task != nil {
		p.task.End()
	}
}
