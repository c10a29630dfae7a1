// Package original proves where package grouper and the original differ: each
// row of the table in docs/differences.md runs on both. Here the rule must hold.
// The original must break it, in the way the row says, in a process of its own,
// which may crash or hang:
//
//	go test -C proof -v ./original
//
// It also shows that a tree may mix groups of both packages. It has tests
// only.
package original
