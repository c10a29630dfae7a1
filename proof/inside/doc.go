// Package inside proves that a tree that is stuck can be explained from
// within the program. It has tests only. They hold up the start or the
// shutdown of a tree of depth 3, which has a dynamic group in it, at one
// member:
//
//	service        ordered
//	├── store
//	├── tenants    dynamic
//	│   └── acme   ordered
//	│       ├── feed
//	│       └── mail
//	└── servers    parallel
//	    ├── health
//	    └── api    ordered
//	        ├── cache
//	        └── http
//
// and then find that member by one call of [grouper.Inspect], in one dump of
// the goroutines, and in one execution trace, each on its own. A CPU profile
// is read too.
package inside
