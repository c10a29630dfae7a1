// Package fakes has what tests of code that uses groups need: a [Runner] that
// a test drives by hand, and fakes of the two interfaces of package
// [github.com/seed-3b777528/grouper], [FakeDynamicClient] and
// [FakeDynamicGroup], in the style of counterfeiter: each method records its
// calls, and answers what the test told it to. The zero value of a fake
// answers zero values, and may be used by any number of goroutines.
package fakes
