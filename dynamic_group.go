package grouper

import (
	"os"
	"sync/atomic"

	"github.com/tedsuo/ifrit"
)

//go:generate go tool -modfile=tools/go.mod counterfeiter -generate
//counterfeiter:generate -o fakes/fake_dynamic_group.go . DynamicGroup

// A DynamicGroup is a group that takes members while it runs, through its
// client. [NewDynamic] returns one; it is an interface so that code which uses
// a group can be tested with a fake.
type DynamicGroup interface {
	// Run runs the group until it is closed and its last member has exited.
	// It then returns nil: exit listeners receive the exits, with the members'
	// errors. A group runs once. A second Run, even while the first one goes
	// on, returns an error that wraps [ErrRunTwice], and disturbs nothing.
	ifrit.Runner

	// Client returns the group's client, always the same one. Any number of
	// goroutines may use it, before, during and after Run. Client does not
	// block.
	Client() DynamicClient
}

// NewDynamic returns a group without members, which are inserted through its
// client, for parts of a service that come and go. It is ready as soon as it
// runs, and goes on, even without members, until it is closed: by its client,
// or because it is shutting down.
//
// The group runs at most maxCapacity members at a time, or any number if that
// is 0 or less. Each listener of its client first receives up to eventBufferSize
// earlier events, and its channel has that capacity; a negative size counts as 0.
//
// Every signal that the group gets closes it and goes to all running members.
// If a member exits before the group is signaled, the termination signal does
// the same; if that is nil, the other members are left alone, and the group
// stays open. A member whose name is in use is not started, and
// counts as one that has exited with [ErrDuplicateNames].
//
// Unlike the static groups, a dynamic group can be run only once.
func NewDynamic(terminationSignal os.Signal, maxCapacity int, eventBufferSize int) DynamicGroup {
	return &dynamicGroup{
		termination: terminationSignal,
		maxCapacity: maxCapacity,
		client:      newDynamicClient(max(eventBufferSize, 0)),
	}
}

type dynamicGroup struct {
	termination os.Signal
	maxCapacity int
	client      *dynamicClient
	latest      atomic.Pointer[groupRun] // for Inspect
}

func (g *dynamicGroup) Client() DynamicClient {
	return g.client
}

func (g *dynamicGroup) Run(signals <-chan os.Signal, ready chan<- struct{}) error {
	return runOutermost(g, signals, ready)
}

func (g *dynamicGroup) reportsReady() bool { return true }

func (g *dynamicGroup) runIn(p place, signals <-chan os.Signal, _ chan<- struct{}) error {
	_, err := g.runOnce(p, signals)
	return err
}

// runOnce also returns the exits that the strategy has collected.
func (g *dynamicGroup) runOnce(p place, signals <-chan os.Signal) (ErrorTrace, error) {
	if !g.client.begin() {
		return nil, errSecondRun
	}
	_, prefix, below := p.where()
	d := &dynamic{client: g.client, maxCapacity: g.maxCapacity, prefix: prefix}
	run := newRun(p, below, g.termination, signals)
	run.members = g.client
	run.loop.insert = d.insert
	run.loop.calls = g.client.calls
	run.loop.mailbox.dynamic = true
	g.latest.Store(run)
	p.host(run)
	run.loop.run(d)
	g.client.end()
	return d.exits, nil
}

// dynamic is the one run of a dynamic group.
type dynamic struct {
	client      *dynamicClient
	maxCapacity int
	prefix      string     // of the members' paths
	entering    int        // members started that have not entered
	exits       ErrorTrace // from the one that began the shutdown on (D11)
}

// proceed opens the group to inserts as long as it is not closed and has room
// for a member (D2), and closes the entrances once none can come (L3).
func (d *dynamic) proceed(l *loop) {
	if l.startingUp() {
		l.becomeReady() // D1
	}
	closed := d.client.isClosed()
	l.inserts = nil
	if !closed && (d.maxCapacity <= 0 || l.running < d.maxCapacity) {
		l.inserts = d.client.inserts
	}
	if closed && d.entering == 0 {
		d.client.entrances.close()
	}
}

// insert starts an inserted member, unless its name is in use (D3).
func (d *dynamic) insert(l *loop, member Member, open bool) {
	if !open {
		d.client.closeInserts()
		return
	}
	if holder := d.client.members[member.Name]; holder != nil {
		d.refuse(l, member, holder)
		return
	}
	p := new(process)
	p.become(member, d.prefix)
	p.prepare(l)
	d.client.add(p) // the member itself may look for its process
	d.entering++
	p.launch(nil)
	if !reportsReady(member.Runner) {
		d.await(l, p)
	}
}

// await has the loop wait until a member is ready. It can wait for some at once;
// if there are more, a watcher takes over the member that has waited longest.
func (d *dynamic) await(l *loop, p *process) {
	for !l.await(p) {
		oldest := l.awaiting[0]
		copy(l.awaiting[:], l.awaiting[1:])
		l.awaiting[len(l.awaiting)-1] = nil
		if oldest.isStarting(l.clock.now()) {
			oldest.watch()
		} else {
			d.enter(oldest)
		}
	}
}

// refuse reports the exit of a member whose name another one holds.
func (d *dynamic) refuse(l *loop, member Member, holder *process) {
	exit := ExitEvent{member, ErrDuplicateNames{[]string{member.Name}}}
	holder.tellRefusal(exit.Err)
	d.exit(l, exit)
	l.memberFailed(d)
}

// enter broadcasts the member's entrance, once (D5).
func (d *dynamic) enter(p *process) {
	if !p.entered {
		p.entered = true
		d.entering--
		d.client.entrances.broadcast(EntranceEvent{p.member, p})
	}
}

func (d *dynamic) ready(p *process) {
	d.enter(p)
}

func (d *dynamic) exited(l *loop, p *process, _ bool) {
	d.enter(p)
	d.client.remove(p)
	d.exit(l, ExitEvent{p.member, p.err})
}

func (d *dynamic) exit(l *loop, exit ExitEvent) {
	if l.shuttingDown() || l.termination != nil {
		d.exits = append(d.exits, exit)
	}
	d.client.exits.broadcast(exit)
}

// propagate closes the group and signals all running members. No member is
// accepted in between (D7, D8). One that was about to send its readiness has been
// received from by then, and is no longer waited for.
func (d *dynamic) propagate(l *loop, _ os.Signal) {
	d.client.closeInserts()
	text := traced(l.signal)
	for _, p := range d.client.running {
		p.stop(l.clock.now(), l.signal, text)
		if !p.isStarting(l.clock.now()) {
			d.enter(p)
		}
	}
}

func (d *dynamic) done(l *loop) bool {
	return d.client.isClosed() && l.running == 0
}

// Reporting returns the dynamic group as a Runner that fails when its members
// do: it returns an [ErrorTrace], as a static group does, if one of the exits in
// it is an error. The trace begins with the exit that began the shutdown, or
// with the first exit after the signal that did. Closing the group does not
// begin a shutdown, and neither does a member's exit if the termination signal
// is nil: such earlier exits are not in the trace.
//
// [Inspect], paths, observers and listeners see the group as before. Like the
// group itself, the Runner runs once. A group that [NewDynamic] did not make is
// returned as it is. With a nil group, Run returns [ErrNilRunner].
func Reporting(group DynamicGroup) ifrit.Runner {
	switch group := group.(type) {
	case nil:
		return ifrit.RunFunc(func(<-chan os.Signal, chan<- struct{}) error { return ErrNilRunner })
	case *dynamicGroup:
		return reporting{group}
	}
	return group
}

// reporting is a dynamic group that returns what it has collected.
type reporting struct{ *dynamicGroup }

func (g reporting) Run(signals <-chan os.Signal, ready chan<- struct{}) error {
	return runOutermost(g, signals, ready)
}

func (g reporting) runIn(p place, signals <-chan os.Signal, _ chan<- struct{}) error {
	exits, err := g.runOnce(p, signals)
	if err != nil {
		return err
	}
	return exits.ErrorOrNil()
}
