package service

import (
	"log/slog"
	"net/http"
	"os"
	"time"
)

// Options configure [Run] and [Main]. The zero value stops at SIGINT and
// SIGTERM, and has no limits and no server. The defaults are:
//
//	Signals   SIGINT and SIGTERM
//	StartUp   no limit
//	Drain     none
//	Grace     no limit
//	Force     one second
//	Logger    slog.Default()
//	Patience  five seconds
//	Admin     no server
//
// Durations below zero count as zero. Run does not change the options.
type Options struct {
	Signals      []os.Signal   // that stop the service; nil: SIGINT and SIGTERM; empty: none
	StartUp      time.Duration // for the start; 0: no limit
	Drain        time.Duration // between the first signal and the stop, for load balancers
	Grace        time.Duration // for the stop, whatever began it; 0: no limit
	Force        time.Duration // for what is left after that; 0: one second
	Logger       *slog.Logger  // nil: slog.Default()
	Patience     time.Duration // how often it is logged who is waited for; 0: five seconds
	Admin        string        // address of a server for package health's paths; empty: none
	AdminHandler http.Handler  // for all other paths of that server
}

func (o Options) withDefaults() Options {
	if o.Signals == nil {
		o.Signals = []os.Signal{os.Interrupt, terminate}
	}
	if o.Force <= 0 {
		o.Force = time.Second
	}
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
	if o.Patience <= 0 {
		o.Patience = 5 * time.Second
	}
	return o
}
