//go:build !race

package grouper_test

// crowd is the size of a large group.
const crowd = 100_000
