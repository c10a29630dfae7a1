// Package goget proves that `go get` works for a user of package grouper as the
// README promises. It has tests only. They make the module's zip as a registry
// would, from the files that git has, serve it from a folder, and are two
// users of it in empty modules: one who gets the module, and one who follows
// the README's first example to the letter. Both run the example. It needs
// git, and a module proxy for modules that the machine's module cache lacks.
//
// Go does not notice when the library changes that the zip is made of: run
// these tests with -count=1.
package goget
