package grouper

import (
	"os"

	"github.com/tedsuo/ifrit"
)

// NewParallel returns a group that starts its members together, for parts of
// a service that do not depend on one another. It is ready when all of them
// are.
//
// Every signal that the group gets goes to all running members, a repeated
// one too. If a member exits before the group was signaled, the others get
// the termination signal; if that is nil, they are left alone, and the group
// goes on until all of them have exited or it is signaled. A member that
// exits before it was ready keeps the group from becoming ready.
//
// Run returns when every member that was started has exited: nil, or an
// [ErrorTrace] if one of them exited with an error. Before it starts any
// member it returns [ErrDuplicateNames] if names are not unique. A group
// without members is ready at once, and exits on its first signal.
//
// The group may be run again, and any number of times at once: each run reads
// the members when it begins and starts afresh. NewParallel itself only keeps
// its arguments.
func NewParallel(terminationSignal os.Signal, members Members) ifrit.Runner {
	return &staticGroup{
		kind:        KindParallel,
		termination: terminationSignal,
		members:     members,
		strategy:    func(run *roster) strategy { return parallel{run} },
	}
}

// parallel is one run of a parallel group.
type parallel struct {
	*roster
}

// proceed starts all the members without waiting (P1).
func (g parallel) proceed() {
	for g.started < len(g.processes) {
		g.startNext()
	}
	g.observe()
}

// propagate signals all running members (P2).
func (g parallel) propagate(os.Signal) {
	for i := range g.processes {
		g.stop(&g.processes[i])
	}
}
