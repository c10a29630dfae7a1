// Package service runs the root of a tree of package grouper as a program: it
// catches signals, limits the time of the start and of the stop, logs each step
// of each member (starts at level Debug), and serves package health.
//
//	func main() {
//		root := grouper.NewOrdered(os.Interrupt, members)
//		service.Main(root, service.Options{Admin: ":8081", Grace: 30 * time.Second})
//	}
//
// This is a start and a stop, with the options that matter at each point:
//
//	Run ─── the server at Admin answers
//	 │      the root starts; every Patience it is logged who is waited for
//	 │      ── StartUp: the start took too long, and is stopped (SIGTERM)
//	 ▼
//	ready ─ /readyz says yes
//	 │
//	 ▼
//	first signal ─ /readyz says "draining", the root works on
//	 │      ── Drain is over, or another signal: the root gets the first one
//	 ▼
//	stop ── begun by a signal, or by the exit of a member
//	 │      every Patience it is logged who is waited for
//	 │      ── Grace, or another signal: the stop is forced (os.Kill); who is
//	 │         waited for is logged, with the tree and the stacks
//	 ▼
//	forced
//	 │      ── Force, or another signal: Run gives up
//	 ▼
//	Run returns, Main exits
//
// A forced stop, or a start that took too long, is never a success: Run returns
// a [GaveUpError], and Main exits with status 1.
package service
