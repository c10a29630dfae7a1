// Package trees checks the rules of the groups in random trees: groups of all
// kinds within one another, with members that exit, fail, ignore signals, insert
// other members and close their group, with signals at any moment. Members are
// functions that take a context, too; members and groups are in Wraps of all
// kinds, in ifrit's sigmon and restart, and in observers that are slow, or end.
// What observers are called with has to agree with itself (observer_test.go),
// and with what Inspect returns whenever nothing moves. It has tests only:
//
//	go test -race -v ./trees -trees.time=30s
//
// Each tree is made from a seed, which a failure names.
package trees
