package grouper

import (
	"time"

	"github.com/tedsuo/ifrit"
)

// Inspect returns the status of a group of this package: of what [NewParallel],
// [NewOrdered], [NewQueueOrdered], [NewDynamic] or [Reporting] returned, even
// inside a [Wrap] or an [Observe]. For any other Runner, and for nil, ok is
// false, even if that has a group of this package inside.
//
// It may be called from any goroutine, before the group runs, while it starts,
// runs and shuts down, and afterwards. It does not block, and does not make
// the group wait. While a group is busy, the states that it returns may be a
// step apart. If a static group has run several times, they are those of the run
// that began last. Before the first run, Inspect reads the list of members that
// the group was made with, which must not be changed meanwhile.
//
// The time at which a member became ready is exact, with one exception: a
// parallel group waits for four members from other packages at a time. While more
// than four are starting, the time of the others is when the group, or Inspect,
// looks at them next. If the group is observed, or if an execution trace was being
// recorded when it started, their times are exact too.
func Inspect(runner ifrit.Runner) (status Status, ok bool) {
	run, g := inside(runner)
	if g == nil {
		return Status{}, false
	}
	return statusOf(run, g, time.Now()), true
}

// A group is what all kinds of groups are, besides a placed Runner.
type group interface {
	kind() Kind
	isClosed() bool // always false of a static group
	lastRun() *groupRun
	// pending returns the status of a group that a member has not run yet.
	pending() Status
}

// A wrapper is a placed Runner with another one inside.
type wrapper interface {
	lastRun() *groupRun
	inner() ifrit.Runner
}

// inside returns the group that a Runner is or has inside, and the run that
// began last through the Runner.
func inside(runner ifrit.Runner) (*groupRun, group) {
	switch runner := runner.(type) {
	case group:
		return runner.lastRun(), runner
	case wrapper:
		run, g := inside(runner.inner())
		if last := runner.lastRun(); last != nil {
			run = last
		}
		return run, g
	}
	return nil, nil
}

func statusOf(run *groupRun, g group, now time.Time) Status {
	if run == nil {
		return g.pending()
	}
	return run.status(g, now)
}

func (p *process) status(now time.Time) MemberStatus {
	status := MemberStatus{Name: p.member.Name}
	p.mu.Lock()
	seen := p.times.started != 0 && p.times.ready == 0 && p.receiveReadyLocked(0)
	times, inside := p.times, extra{}
	if p.extra != nil {
		inside = *p.extra
	}
	if times.exited != 0 {
		status.Err = p.err
	}
	p.mu.Unlock()
	if seen {
		p.mailbox.post(p) // its loop may be about to wait for what was received
	}
	status.State, status.Since, status.For, status.Times = times.describe(now)
	status.Group, status.Wrapped = statusInside(p.member.Runner, inside.hosted, now)
	if inside.wrapped != nil {
		status.Wrapped = inside.wrapped.status(now)
	}
	return status
}

// pendingMember is the status of a member that was not started.
func pendingMember(member Member) MemberStatus {
	status := MemberStatus{Name: member.Name, State: StatePending}
	status.Group, status.Wrapped = statusInside(member.Runner, nil, time.Time{})
	return status
}

// statusInside returns the status of the group inside, which a member hosts,
// and if the Runner is a Wrap that of a run that has not begun.
func statusInside(runner ifrit.Runner, hosted *groupRun, now time.Time) (*Status, *WrappedStatus) {
	var wrapped *WrappedStatus
	if hasWrap(runner) {
		wrapped = &WrappedStatus{State: StatePending}
	}
	_, g := inside(runner)
	if g == nil {
		return nil, wrapped
	}
	status := statusOf(hosted, g, now)
	return &status, wrapped
}

// describe returns the times as a status has them. The age is that at now, or 0
// if now is a little earlier than the times.
func (t times) describe(now time.Time) (State, time.Time, time.Duration, Times) {
	state, since := t.state()
	public := Times{t.started.time(now), t.ready.time(now), t.stopping.time(now), t.exited.time(now)}
	if since == 0 {
		return state, time.Time{}, 0, public
	}
	return state, since.time(now), max(0, now.Sub(epoch)-time.Duration(since)), public
}

func (g *staticGroup) kind() Kind         { return g.groupKind }
func (g *staticGroup) isClosed() bool     { return false }
func (g *staticGroup) lastRun() *groupRun { return g.latest.Load() }

// pending lists the members of the last run, if there was one: S4 allows the
// list to be changed since then.
func (g *staticGroup) pending() Status {
	status := Status{Kind: g.groupKind, State: StatePending}
	if run := g.latest.Load(); run != nil {
		for _, p := range run.members.all() {
			status.Members = append(status.Members, pendingMember(p.member))
		}
		return status
	}
	for _, member := range g.members {
		status.Members = append(status.Members, pendingMember(member))
	}
	return status
}

func (g *dynamicGroup) kind() Kind         { return KindDynamic }
func (g *dynamicGroup) isClosed() bool     { return g.client.isClosed() }
func (g *dynamicGroup) lastRun() *groupRun { return g.latest.Load() }

func (g *dynamicGroup) pending() Status {
	return Status{Kind: KindDynamic, State: StatePending, Closed: g.isClosed()}
}
