//go:build race

package grouper_test

// crowd is the size of a large group. The race detector has its own cost for
// each goroutine.
const crowd = 10_000
