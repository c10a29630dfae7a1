package proof

import (
	"errors"
	"os"
	"strings"
	"syscall"

	"github.com/seed-3b777528/grouper"
	"github.com/tedsuo/ifrit"
	original "github.com/tedsuo/ifrit/grouper"
)

// A library is what this package and the original have in common.
type library struct {
	static  func(kind byte, termination os.Signal, members grouper.Members) ifrit.Runner
	dynamic func(termination os.Signal, capacity, buffer int) dynamicGroup
	trace   func(error) ([]grouper.ExitEvent, bool)
	inspect func(ifrit.Runner) grouper.Status // nil if there is none
}

// A dynamicGroup is one with its client, whose listeners are functions that
// give the next event, and their channels' capacity.
type dynamicGroup struct {
	ifrit.Runner
	insert        func(member grouper.Member, giveUp <-chan struct{}) (accepted bool)
	get           func(string) (ifrit.Process, bool)
	closed        <-chan struct{}
	close         func()
	closeInserter func()
	entrances     func() (next func() (grouper.EntranceEvent, bool), capacity int)
	exits         func() (next func() (grouper.ExitEvent, bool), capacity int)
}

var ours = library{
	static: func(kind byte, termination os.Signal, members grouper.Members) ifrit.Runner {
		switch kind {
		case 'p':
			return grouper.NewParallel(termination, members)
		case 'o':
			return grouper.NewOrdered(termination, members)
		default:
			return grouper.NewQueueOrdered(termination, members)
		}
	},
	dynamic: func(termination os.Signal, capacity, buffer int) dynamicGroup {
		group := grouper.NewDynamic(termination, capacity, buffer)
		client := group.Client()
		adapted := adapt(group, client, func(m grouper.Member) grouper.Member { return m })
		adapted.entrances = func() (func() (grouper.EntranceEvent, bool), int) {
			return following(client.EntranceListener(), func(e grouper.EntranceEvent) grouper.EntranceEvent { return e })
		}
		adapted.exits = func() (func() (grouper.ExitEvent, bool), int) {
			return following(client.ExitListener(), func(e grouper.ExitEvent) grouper.ExitEvent { return e })
		}
		return adapted
	},
	trace: func(err error) ([]grouper.ExitEvent, bool) {
		trace, ok := err.(grouper.ErrorTrace)
		return trace, ok
	},
	inspect: func(runner ifrit.Runner) grouper.Status {
		if group, ok := runner.(dynamicGroup); ok {
			runner = group.Runner
		}
		status, _ := grouper.Inspect(runner)
		return status
	},
}

var theOriginal = library{
	static: func(kind byte, termination os.Signal, members grouper.Members) ifrit.Runner {
		var originals original.Members
		for _, m := range members {
			originals = append(originals, original.Member(m))
		}
		switch kind {
		case 'p':
			return original.NewParallel(termination, originals)
		case 'o':
			return original.NewOrdered(termination, originals)
		default:
			return original.NewQueueOrdered(termination, originals)
		}
	},
	dynamic: func(termination os.Signal, capacity, buffer int) dynamicGroup {
		group := original.NewDynamic(termination, capacity, buffer)
		client := group.Client()
		adapted := adapt(group, client, func(m grouper.Member) original.Member { return original.Member(m) })
		adapted.entrances = func() (func() (grouper.EntranceEvent, bool), int) {
			return following(client.EntranceListener(), func(e original.EntranceEvent) grouper.EntranceEvent {
				return grouper.EntranceEvent{Member: grouper.Member(e.Member), Process: e.Process}
			})
		}
		adapted.exits = func() (func() (grouper.ExitEvent, bool), int) {
			return following(client.ExitListener(), exitOfOriginal)
		}
		return adapted
	},
	trace: func(err error) ([]grouper.ExitEvent, bool) {
		trace, ok := err.(original.ErrorTrace)
		var exits []grouper.ExitEvent
		for _, e := range trace {
			exits = append(exits, exitOfOriginal(e))
		}
		return exits, ok
	},
}

func exitOfOriginal(e original.ExitEvent) grouper.ExitEvent {
	return grouper.ExitEvent{Member: grouper.Member(e.Member), Err: e.Err}
}

// adapt takes the client of either library, which differ in the Member.
func adapt[M any](group ifrit.Runner, client interface {
	Inserter() chan<- M
	Get(string) (ifrit.Process, bool)
	CloseNotifier() <-chan struct{}
	Close()
}, member func(grouper.Member) M) dynamicGroup {
	return dynamicGroup{
		Runner: group,
		insert: func(m grouper.Member, giveUp <-chan struct{}) bool {
			select {
			case client.Inserter() <- member(m):
				return true
			case <-giveUp:
				return false
			}
		},
		get:           client.Get,
		closed:        client.CloseNotifier(),
		close:         client.Close,
		closeInserter: func() { close(client.Inserter()) },
	}
}

func following[E, F any](channel <-chan E, convert func(E) F) (next func() (F, bool), capacity int) {
	return func() (F, bool) {
		e, open := <-channel
		return convert(e), open
	}, cap(channel)
}

var errBoom = errors.New("boom")

// toError is what a member's Run returns for a result.
func toError(result byte) error {
	if result == boom {
		return errBoom
	}
	return nil
}

// toResult is the letter of an exit's error.
func toResult(err error) byte {
	var duplicates grouper.ErrDuplicateNames
	switch {
	case err == nil:
		return fine
	case err == errBoom:
		return boom
	case err == grouper.ErrNilRunner:
		return nilRunner
	case errors.As(err, &duplicates):
		return duplicate
	case strings.Contains(err.Error(), "runtime.Goexit"):
		return goexit
	}
	return '?'
}

// stateLetters are those that the model has for states.
var stateLetters = map[grouper.State]byte{
	grouper.StatePending:  'p',
	grouper.StateStarting: 's',
	grouper.StateReady:    'r',
	grouper.StateFailed:   'f',
	grouper.StateStopping: 't',
	grouper.StateExited:   'e',
}

var letters = map[os.Signal]byte{
	nil:             noSignal,
	syscall.SIGINT:  interrupt,
	syscall.SIGTERM: terminate,
	syscall.SIGUSR2: poked,
}

func toSignal(letter byte) os.Signal {
	for signal, l := range letters {
		if l == letter {
			return signal
		}
	}
	return nil
}
