// Package libraries has package grouper and the original,
// github.com/tedsuo/ifrit/grouper, behind one type, so that a test can run on
// both.
package libraries

import (
	"os"

	"github.com/seed-3b777528/grouper"
	"github.com/tedsuo/ifrit"
)

// A Library is what the two packages have in common.
type Library struct {
	Parallel, Ordered, QueueOrdered func(termination os.Signal, members grouper.Members) ifrit.Runner

	Dynamic func(termination os.Signal, capacity, buffer int) (ifrit.Runner, Client)

	// Validate also returns the names in the library's ErrDuplicateNames.
	Validate func(grouper.Members) (duplicates []string, err error)

	// Trace returns the exits of an error that is the library's ErrorTrace.
	Trace func(error) (exits []grouper.ExitEvent, ok bool)

	// Inspect is nil in the original, which has no such function.
	Inspect func(ifrit.Runner) (status grouper.Status, ok bool)

	// Observe is nil of a library whose groups are not observed.
	Observe func(runner ifrit.Runner, observer func(grouper.Event)) ifrit.Runner
}

// A Client is a library's DynamicClient, with functions in place of the
// channels, whose types differ.
type Client interface {
	Get(name string) (ifrit.Process, bool)
	Close()
	CloseNotifier() <-chan struct{}

	// Insert blocks until the group accepts the member, or cancel is closed.
	Insert(member grouper.Member, cancel <-chan struct{}) (accepted bool)
	CloseInserter()

	Entrances() Listener[grouper.EntranceEvent]
	Exits() Listener[grouper.ExitEvent]
}

// A Listener is an entrance or exit listener.
type Listener[Event any] struct {
	Next func() (event Event, open bool) // receives
	Cap  int                             // of the channel
}

// client is what the DynamicClients of both packages have in common.
type client[Member, Entrance, Exit any] interface {
	Get(name string) (ifrit.Process, bool)
	Close()
	CloseNotifier() <-chan struct{}
	Inserter() chan<- Member
	EntranceListener() <-chan Entrance
	ExitListener() <-chan Exit
}

// An adapter makes a Client of one of them.
type adapter[Member, Entrance, Exit any] struct {
	client[Member, Entrance, Exit]
	member   func(grouper.Member) Member
	entrance func(Entrance) grouper.EntranceEvent
	exit     func(Exit) grouper.ExitEvent
}

func (a adapter[Member, _, _]) Insert(member grouper.Member, cancel <-chan struct{}) bool {
	select {
	case a.Inserter() <- a.member(member):
		return true
	case <-cancel:
		return false
	}
}

func (a adapter[_, _, _]) CloseInserter() { close(a.Inserter()) }

func (a adapter[_, _, _]) Entrances() Listener[grouper.EntranceEvent] {
	return listener(a.EntranceListener(), a.entrance)
}

func (a adapter[_, _, _]) Exits() Listener[grouper.ExitEvent] {
	return listener(a.ExitListener(), a.exit)
}

func listener[From, To any](channel <-chan From, convert func(From) To) Listener[To] {
	next := func() (To, bool) {
		event, open := <-channel
		return convert(event), open
	}
	return Listener[To]{next, cap(channel)}
}
