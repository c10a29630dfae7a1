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
	// Run runs the group until it was closed and its last member has exited.
	// Then it returns nil: the exits, with the members' errors, are on the
	// exit listeners. A group runs once. A second Run, also while the first
	// one goes on, returns an error, and disturbs nothing.
	ifrit.Runner

	// Client returns the group's client. There is one a group, and any number
	// of goroutines may use it, before, during and after Run. Client does not
	// block.
	Client() DynamicClient
}

// NewDynamic returns a group without members, which are inserted through its
// client, for parts of a service that come and go. It is ready as soon as it
// runs, and goes on, also without members, until it is closed: by its client,
// or because it is shutting down.
//
// The group runs at most maxCapacity members at a time, or any number if that
// is 0 or less. Each listener of its client gets as many earlier events as
// eventBufferSize says, and a channel of that capacity; less than 0 counts
// as 0.
//
// Every signal that the group gets closes it and goes to all running members.
// If a member exits before the group was signaled, the same is done with the
// termination signal; if that is nil, the other members are left alone, and
// the group stays open. A member whose name is in use is not started, and
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
	run         atomic.Pointer[dynamic] // for Inspect
}

func (g *dynamicGroup) Client() DynamicClient {
	return g.client
}

func (g *dynamicGroup) Run(signals <-chan os.Signal, ready chan<- struct{}) error {
	return g.runAt("", signals, ready)
}

func (g *dynamicGroup) runAt(path string, signals <-chan os.Signal, ready chan<- struct{}) error {
	if !g.client.begin() {
		return errSecondRun
	}
	run := &dynamic{client: g.client, maxCapacity: g.maxCapacity}
	run.strategy = run
	run.path = path
	run.termination = g.termination
	run.signals = signals
	run.announce = ready
	run.exits = make(chan *process) // unbuffered: who knows of an exit knows that its name is free (D3)
	run.loop.insert = run.insert
	run.calls = g.client.calls
	g.run.Store(run)
	run.becomeReady()
	run.loop.run()
	g.client.end()
	return nil
}

// dynamic is the one run of a dynamic group.
type dynamic struct {
	loop
	client      *dynamicClient
	maxCapacity int
	entering    int      // members started that have not entered
	latest      *process // the one just started, until it is known whether it was ready at once
}

// proceed opens the group to inserts as long as it is not closed and has room
// for a member (D2), and closes the entrances once none can come (L3).
func (d *dynamic) proceed() {
	closed := d.client.isClosed()
	d.inserts = nil
	if !closed && (d.maxCapacity <= 0 || d.running < d.maxCapacity) {
		d.inserts = d.client.inserts
	}
	if d.latest != nil && !d.expectant {
		d.await(d.latest)
		d.latest = nil
	}
	if closed && d.entering == 0 {
		d.client.entrances.close()
	}
}

// insert starts an inserted member, unless its name is in use (D3).
func (d *dynamic) insert(member Member, open bool) {
	if !open {
		d.client.closeInserts()
		return
	}
	if _, used := d.client.members[member.Name]; used {
		d.client.exits.broadcast(ExitEvent{member, ErrDuplicateNames{[]string{member.Name}}})
		d.memberFailed()
		return
	}
	p := &process{member: member}
	d.start(p)
	d.client.add(p)
	d.entering++
	d.latest = p
}

// await sees to it that the member enters when it is ready.
func (d *dynamic) await(p *process) {
	switch {
	case p.entered: // it has exited
	case p.isReady(&d.clock):
		d.enter(p)
	default:
		go d.watch(p)
	}
}

// watch has the loop take note of a member's readiness. It ends when the
// member is ready, or has exited without.
func (d *dynamic) watch(p *process) {
	exit := p.Wait()
	select {
	case <-p.ready:
		p.becomeReady(new(clock))
		select {
		case d.client.calls <- func() { d.enter(p) }:
		case <-exit:
		}
	case <-exit:
	}
}

// enter announces the member, once (D5).
func (d *dynamic) enter(p *process) {
	if !p.entered {
		p.entered = true
		d.entering--
		d.client.entrances.broadcast(EntranceEvent{p.member, p})
	}
}

func (d *dynamic) exited(p *process) {
	d.enter(p)
	d.client.remove(p)
	d.client.exits.broadcast(ExitEvent{p.member, p.err})
}

// propagate closes the group and signals all running members, between which
// no member is accepted (D7, D8).
func (d *dynamic) propagate(os.Signal) {
	d.client.closeInserts()
	for _, p := range d.client.members {
		d.stop(p)
	}
}

func (d *dynamic) done() bool {
	return d.client.isClosed() && d.running == 0
}
