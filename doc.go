// Package grouper starts, watches and stops the parts of a service that
// depend on one another.
//
// A part is a [Member]: a name, and an [ifrit.Runner] that does the work. Most
// Runners are functions that take a context:
//
//	broker := grouper.ContextFunc(func(ctx context.Context, ready func()) error {
//		connection, err := dial(ctx)
//		if err != nil {
//			return err
//		}
//		defer connection.Close()
//		ready()
//		return connection.Serve(ctx)
//	})
//
// [WorkerFunc] is for functions that are ready when they begin, and [TaskFunc]
// for work that is done once, such as a migration. Package
// [github.com/seed-3b777528/grouper/runners] has Runners for HTTP servers, for
// resources that are opened and closed, for periodic jobs, and for restarts.
// Underneath, a Runner is one method: Run does the work, closes the channel
// ready when others may depend on it, and returns when a signal arrives.
//
// A group runs members, and is a Runner itself. So a service is a tree:
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
//	root := grouper.NewOrdered(os.Interrupt, grouper.Members{
//		{Name: "store", Runner: store},
//		{Name: "workers", Runner: workers},
//		{Name: "servers", Runner: grouper.NewParallel(os.Interrupt, grouper.Members{
//			{Name: "api", Runner: api},
//			{Name: "health", Runner: health},
//		})},
//	})
//	service.Main(root, service.Options{Grace: 30 * time.Second})
//
// Package [github.com/seed-3b777528/grouper/service] runs the root of a tree as
// a program, with signals, deadlines and logs. [ifrit.Invoke] runs it without:
// it returns when the root is ready, or when it has exited without being so.
//
// # Choosing a group
//
//   - [NewParallel] is for parts that do not depend on one another. They start
//     together, and each signal goes to all of them.
//   - [NewOrdered] is for parts that each depend on those before them. Each
//     starts when the previous one is ready; they stop in reverse, one after
//     the other.
//   - [NewQueueOrdered] starts in order too, and stops in that same order: for
//     a pipeline, whose first part stops taking work before the next ones
//     finish theirs.
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
// after every member that was started has exited, however many signals arrive
// meanwhile. There is no timeout: package service has one, and names the members
// that it gives up on.
//
// # Errors
//
// A static group (parallel, ordered, queue-ordered) returns an [ErrorTrace] of
// its members' exits if one of them was an error. [Failures] lists the errors
// in it with the paths of their members, the cause first; [errors.Is] and
// [errors.As] see through it, however deep the tree. A dynamic group returns
// nil, and reports the exits to its listeners; with [Reporting] it returns a
// trace as well.
//
// # What is it waiting for?
//
// [Inspect] returns at any time how far a group and all below it have come.
// [Status.WaitingFor] returns the paths of the members that hold up the
// start-up or the shutdown, and [Status.String] draws the tree and marks them:
//
//	ordered group   stopping  4s       terminated
//	├── store       ready     1h20m3s
//	├── workers     exited    4s       dynamic group, terminated
//	└── servers     stopping  4s       parallel group, terminated
//	    ├── api     stopping  4s       <- waiting
//	    └── health  exited    4s
//
// [Status.Ready] reports whether the whole tree can do its work, and [Find]
// returns the process of one member, to signal it or to wait for it.
//
// [Observe] calls a function with each step of a tree as it happens, and
// [LogTo] turns a logger into such a function. [Wrap] runs a Runner inside a
// wrapper, such as sigmon or restart, without hiding it from any of these.
//
// The path of a member, here servers/api, is the profiler label
// grouper.member of its goroutine and of the goroutines that it starts. Goroutine
// dumps, goroutine profiles and CPU profiles show it. It replaces labels that
// were set around [ifrit.Invoke]. With GODEBUG=tracebacklabels=1, Go 1.26 prints
// it in the traces of panics too.
// While an execution trace is recorded, each member is a task with that name,
// and its ready, signals and exit are logged. A group inside a Runner of
// another package that was not made with Wrap cannot be seen from outside, and
// the paths of its members begin below it.
//
// # Panics
//
// A panic in a member is not recovered: it ends the program, with the stack of
// the member that panicked. A group could recover it, and report it as an
// error; but whatever the member had locked would stay locked, the stack in a
// debugger or a core dump would be that of the group, and a service that is
// broken would go on as if it were not. A member that can carry on after a
// panic must recover it itself. A member that ends its goroutine with
// [runtime.Goexit], as [testing.T.FailNow] does, exits with an error that says
// so.
//
// # Rules
//
// The rules that groups keep are in docs/contract.md of this module; comments
// and tests cite them by number. The package is a drop-in replacement for
// github.com/tedsuo/ifrit/grouper: it has the same API, and more. docs/differences.md
// lists where the two behave differently.
//
// For tests of code that uses this package,
// [github.com/seed-3b777528/grouper/groupertest] starts a tree and stops it with
// the test, and [github.com/seed-3b777528/grouper/fakes] has a Runner that is
// driven by hand, and fakes of the dynamic group and its client.
package grouper
