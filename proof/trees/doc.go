// Package trees holds the groups to their rules in random trees: groups of all
// kinds within one another, with members that exit, fail, ignore signals, insert
// other members and close their group, in ifrit's sigmon and restart, with
// signals at any moment. It has tests only:
//
//	go test -race -v ./trees -trees.time=30s
//
// Each tree comes from a seed, which a failure names.
package trees
