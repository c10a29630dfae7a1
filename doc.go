// Package grouper starts, watches and stops the parts of a service that
// depend on one another.
//
// A part is an [ifrit.Runner]: its Run method does the work, closes a channel
// when it is ready, and returns when it gets a signal. A [Member] is a Runner
// with a name, and a group runs members. A group is a Runner itself, so that
// groups within groups make a service a tree, which [ifrit.Invoke] runs by its
// root:
//
//	service          ordered: started from the top, stopped from the bottom
//	├── store
//	├── workers      dynamic: members come and go
//	└── servers      parallel: started together, stopped together
//	    ├── api
//	    └── health
//
// As a program:
//
//	workers := grouper.NewDynamic(nil, 100, 0)
//	service := grouper.NewOrdered(os.Interrupt, grouper.Members{
//		{Name: "store", Runner: store},
//		{Name: "workers", Runner: workers},
//		{Name: "servers", Runner: grouper.NewParallel(os.Interrupt, grouper.Members{
//			{Name: "api", Runner: api},
//			{Name: "health", Runner: health},
//		})},
//	})
//	process := ifrit.Invoke(sigmon.New(service))
//	workers.Client().Inserter() <- grouper.Member{Name: "job 1", Runner: job}
//	err := <-process.Wait()
//
// # Choosing a group
//
//   - [NewParallel] is for parts that do not depend on one another. They start
//     together, and each signal goes to all of them.
//   - [NewOrdered] is for parts of which each depends on those before it. Each
//     starts when the previous one is ready; they stop in reverse, one after
//     the other.
//   - [NewQueueOrdered] starts in order too, and stops in that same order: for
//     a pipeline, whose first part is to stop taking work in before the next
//     ones have finished with it.
//   - [NewDynamic] is for parts that come and go. Its [DynamicClient] inserts
//     members, finds them, listens to their entrances and exits, and closes
//     the group.
//
// # Shutdown
//
// A group shuts down when it gets a signal, which it propagates to its members
// in its own way, or when one of its members exits by itself: then it
// propagates its termination signal. With a termination signal of nil, a
// member's exit leaves the other members alone. In both cases Run returns only
// after every member that was started has exited, whatever number of signals
// arrives meanwhile. There is no timeout: members that must not take for ever
// have to see to that themselves.
//
// # Errors
//
// A static group (parallel, ordered, queue-ordered) returns an [ErrorTrace] of
// its members' exits if one of them was an error. [errors.Is] and [errors.As]
// see through it to every member's error, however deep the tree. A dynamic
// group returns nil, and reports the exits to its listeners.
//
// # What is it waiting for?
//
// [Inspect] tells at any time how far a group and all below it have come.
// [Status.WaitingFor] gives the paths of the members that hold up the start-up
// or the shutdown, and [Status.String] draws the tree with a mark at them:
//
//	ordered group   stopping  4s       terminated
//	├── store       ready     1h20m3s
//	├── workers     exited    4s       dynamic group, terminated
//	└── servers     stopping  4s       parallel group, terminated
//	    ├── api     stopping  4s       <- waiting
//	    └── health  exited    4s
//
// The path of a member, here servers/api, is the profiler label
// grouper.member of its goroutine and of those that it starts: goroutine
// dumps, goroutine profiles and CPU profiles tell members apart by it. It takes
// the place of labels that were set around [ifrit.Invoke], and a member that
// calls [runtime/pprof.Do] replaces it in turn. With
// GODEBUG=tracebacklabels=1, Go 1.26 prints it in the traces of panics too.
// While an execution trace is recorded, each member is a task of that name in
// it, with its ready, its signals and its exit logged. A group that is wrapped
// in a Runner of another package, such as sigmon or restart, cannot be seen
// from outside of it, and the paths of its members begin below it.
//
// # Panics
//
// A panic in a member is not recovered: it ends the program, with the stack of
// the member that panicked. A group could recover it, and only report it as an
// error; but whatever the member had locked would stay locked, the stack in a
// debugger or a core dump would be that of the group, and a service that is
// broken would go on as if it were not. A member that can carry on after a
// panic has to recover it itself. A member that ends its goroutine with
// [runtime.Goexit], as [testing.T.FailNow] does, exits with an error that says
// so.
//
// # Rules
//
// All that groups do is written down, rule by rule, in docs/contract.md of
// this module; comments and tests cite the rules by their numbers. The package
// stands in for github.com/tedsuo/ifrit/grouper, with the same API. The table
// at the end of the contract lists where it does otherwise.
//
// Tests of code that uses this package find a Runner that is driven by hand,
// and fakes of the dynamic group and its client, in package
// [github.com/seed-3b777528/grouper/fakes].
package grouper
