// Package fakes has what tests of code that uses groups need: a [Runner] that
// a test drives by hand, an [Idle] one that fills a place in a tree, and fakes
// of the two interfaces of package [github.com/seed-3b777528/grouper],
// [FakeDynamicClient] and [FakeDynamicGroup], in the style of counterfeiter:
// each method records its calls, and answers what the test told it to. The zero
// value of such a fake answers zero values, and may be used by any number of
// goroutines.
package fakes
