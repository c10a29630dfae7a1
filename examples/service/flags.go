package main

import (
	"errors"
	"flag"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"time"
)

const (
	defaultAPI   = "127.0.0.1:8080"
	defaultAdmin = "127.0.0.1:8081"
)

type config struct {
	api      string
	admin    string
	db       string
	workers  int
	drain    time.Duration
	grace    time.Duration
	patience time.Duration
	demo     bool
}

// parseFlags ends the program if the flags make no sense.
func parseFlags() (c config) {
	flag.StringVar(&c.api, "api", defaultAPI, "`address` of the job API")
	flag.StringVar(&c.admin, "admin", defaultAdmin, "`address` of /livez, /readyz, /status and /metrics")
	flag.StringVar(&c.db, "db", "", "`file` that keeps the jobs (default jobs.db in the user's cache directory)")
	flag.IntVar(&c.workers, "workers", 4, "how many jobs run at a time")
	flag.DurationVar(&c.drain, "drain", 0, "how long to go on serving after SIGTERM, while /readyz says \"draining\"")
	flag.DurationVar(&c.grace, "grace", 20*time.Second, "how long the stop may take before it is forced, 0 for no limit")
	flag.DurationVar(&c.patience, "patience", 5*time.Second, "how often to log who a start or a stop waits for")
	flag.BoolVar(&c.demo, "demo", false, "show it: run some jobs in a temporary store, stop, start again, and exit")
	flag.Parse()

	err := c.validate(flag.Args())
	if err == nil && c.db == "" && !c.demo {
		c.db, err = defaultDB()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		flag.Usage()
		os.Exit(2)
	}
	return c
}

func (c config) validate(rest []string) error {
	_, _, apiErr := net.SplitHostPort(c.api)
	_, _, adminErr := net.SplitHostPort(c.admin)
	switch {
	case len(rest) > 0:
		return fmt.Errorf("unexpected argument %q", rest[0])
	case apiErr != nil:
		return fmt.Errorf("invalid -api: %w", apiErr)
	case adminErr != nil:
		return fmt.Errorf("invalid -admin: %w", adminErr)
	case c.workers < 1:
		return errors.New("invalid -workers: there must be at least one")
	case c.drain < 0:
		return errors.New("invalid -drain: it must not be negative")
	case c.grace < 0:
		return errors.New("invalid -grace: it must not be negative")
	case c.patience <= 0:
		return errors.New("invalid -patience: it must be positive")
	case c.demo && c.db != "":
		return errors.New("-demo uses a store of its own: leave out -db")
	}
	return nil
}

// defaultDB is in the user's cache directory, or, for a user who has none that
// can be written, in a directory of this user's own among the temporary files.
func defaultDB() (string, error) {
	if cache, err := os.UserCacheDir(); err == nil {
		dir := filepath.Join(cache, "grouper-example")
		if os.MkdirAll(dir, 0o700) == nil {
			return filepath.Join(dir, "jobs.db"), nil
		}
	}
	dir := filepath.Join(os.TempDir(), fmt.Sprintf("grouper-example-%d", os.Getuid()))
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", fmt.Errorf("no place for the store, name one with -db: %w", err)
	}
	return filepath.Join(dir, "jobs.db"), nil
}
