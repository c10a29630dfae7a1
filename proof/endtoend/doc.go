// Package endtoend tests the groups in a process of their own. Its tests run
// a small program under [github.com/tedsuo/ifrit/sigmon], send it signals, and
// read what its parts print, from the first line to the exit code:
//
//	service      ordered, terminates with SIGINT
//	├── store    a plain runner
//	├── command  a child process, which gets the signals passed on
//	├── echo     a TCP listener
//	├── servers  parallel, terminates with SIGTERM
//	│   ├── api     HTTP: inserts jobs, and reads uploads
//	│   └── health  HTTP
//	└── jobs     dynamic, terminates with SIGINT
//	    └── job
//
// One test puts the service into a parallel group, beside a witness that stops
// at its second signal.
//
// The program is the test binary itself. All of it is in test files, since
// nothing else uses it.
package endtoend
