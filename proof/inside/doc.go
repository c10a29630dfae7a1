// Package inside proves that a stuck tree can be explained from within the
// program. It has tests only. In each of them, one member holds up the start or
// the shutdown of a tree of depth 3 with a dynamic group in it:
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
// One call of [grouper.Inspect], one dump of the goroutines and one execution
// trace must each be enough to find that member. A CPU profile is read, too.
package inside
