// Package trees checks the rules of the groups in random trees: groups of all
// kinds within one another and within ifrit's sigmon and restart, with members
// that exit, fail, ignore signals, insert other members and close their group,
// and with signals at any moment. It has tests only:
//
//	go test -race -v ./trees -trees.time=30s
//
// Each tree is made from a seed, which a failure names.
package trees
