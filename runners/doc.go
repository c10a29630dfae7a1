// Package runners has the members that most services need, as runners for the
// groups of package [github.com/seed-3b777528/grouper]:
//
//   - [HTTP] serves an http.Server, and shuts it down gracefully
//   - [Server] does so for anything that serves and can be stopped, such as a
//     grpc.Server
//   - [OpenClose] opens something and closes it, such as a database
//   - [Every] calls a function at intervals
//   - [Restart] runs another runner again when it fails
//
// A service of these is a tree without glue:
//
//	service := grouper.NewOrdered(os.Interrupt, grouper.Members{
//		{Name: "db", Runner: runners.OpenClose(db.Open, db.Close)},
//		{Name: "broker", Runner: runners.Restart(broker, runners.Policy{})},
//		{Name: "cleanup", Runner: runners.Every(time.Minute, cleanup)},
//		{Name: "api", Runner: runners.HTTP(&http.Server{Addr: ":8080", Handler: api}, nil)},
//	})
//
// For a member that is a function of its own, see [grouper.ContextFunc],
// [grouper.WorkerFunc] and [grouper.TaskFunc].
//
// # Stopping
//
// The first signal asks a runner to stop. A second one, or [os.Kill], asks it
// to stop at once. No runner has a time limit of its own: whoever sends the
// signals decides how long to wait before the second one. Nil signals and a
// closed signals channel are ignored.
//
// Once Run has returned, no goroutine of a runner is left, except handlers and
// the like that it had to cut off. A panic in a function that a runner calls is
// not recovered.
//
// The runners keep the rules R1 to R8 in docs/contract.md of this module. The
// package uses only what package grouper exports.
package runners
