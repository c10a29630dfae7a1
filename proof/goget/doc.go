// Package goget proves that `go get` works for a user of package grouper as the
// README promises. It has tests only. They make the module's zip as a registry
// would, from the files in git, and serve it from a folder. Two users in empty
// modules use it: one gets the module, and one follows the README's first
// example to the letter. Both run the example. The tests need git, and a module
// proxy for modules that are not in the machine's module cache.
//
// Go does not notice when the library changes from which the zip is made: run
// these tests with -count=1.
package goget
