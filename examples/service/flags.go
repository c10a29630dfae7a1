package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"time"
)

const (
	defaultAPI    = "127.0.0.1:8080"
	defaultHealth = "127.0.0.1:8081"
)

type config struct {
	api     string
	health  string
	db      string
	workers int
	grace   time.Duration
	report  time.Duration
	demo    bool
}

// parseFlags has written what is wrong, and how it is used, when it returns an
// error.
func parseFlags(args []string, stderr io.Writer) (config, error) {
	var c config
	flags := flag.NewFlagSet("service", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&c.api, "api", defaultAPI, "`address` of the job API")
	flags.StringVar(&c.health, "health", defaultHealth, "`address` of /healthz and /status")
	flags.StringVar(&c.db, "db", "", "`file` that keeps the jobs (default jobs.db in the user's cache directory)")
	flags.IntVar(&c.workers, "workers", 4, "how many jobs run at a time")
	flags.DurationVar(&c.grace, "grace", 0, "how long to go on serving after a signal, while /healthz says \"stopping\"")
	flags.DurationVar(&c.report, "report", 5*time.Second, "how often to log what a start or stop that takes longer than this waits for")
	flags.BoolVar(&c.demo, "demo", false, "show it: run some jobs in a temporary store, stop, start again, and exit")
	if err := flags.Parse(args); err != nil {
		return c, err
	}

	err := c.validate(flags.Args())
	if err == nil && c.db == "" && !c.demo {
		c.db, err = defaultDB()
	}
	if err != nil {
		fmt.Fprintln(stderr, err)
		flags.Usage()
	}
	return c, err
}

func (c config) validate(rest []string) error {
	_, _, apiErr := net.SplitHostPort(c.api)
	_, _, healthErr := net.SplitHostPort(c.health)
	switch {
	case len(rest) > 0:
		return fmt.Errorf("unexpected argument %q", rest[0])
	case apiErr != nil:
		return fmt.Errorf("invalid -api: %w", apiErr)
	case healthErr != nil:
		return fmt.Errorf("invalid -health: %w", healthErr)
	case c.workers < 1:
		return errors.New("invalid -workers: there must be at least one")
	case c.grace < 0:
		return errors.New("invalid -grace: it must not be negative")
	case c.report <= 0:
		return errors.New("invalid -report: it must be positive")
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
