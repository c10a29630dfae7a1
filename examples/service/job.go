package main

import (
	"errors"
	"strconv"
	"strings"
	"time"
)

const maxDuration = 24 * time.Hour

// A spec is what a client asks for.
type spec struct {
	Name     string   `json:"name"`
	Duration duration `json:"duration"`
	Fail     bool     `json:"fail,omitempty"`
}

func (s spec) validate() error {
	switch {
	case strings.TrimSpace(s.Name) == "":
		return errors.New("name is missing")
	case s.Duration.Duration < 0:
		return errors.New("duration must not be negative")
	case s.Duration.Duration > maxDuration:
		return errors.New("duration must not be longer than " + maxDuration.String())
	}
	return nil
}

// A job is what became of it.
type job struct {
	ID uint64 `json:"id"`
	spec
	State state  `json:"state"`
	Error string `json:"error,omitempty"`
}

// memberName is the job's name among the workers, where it has to be unique.
func (j job) memberName() string { return strconv.FormatUint(j.ID, 10) }

// unfinished reports whether a worker has the job, or still has to get it.
func (j job) unfinished() bool { return j.State == queued || j.State == running }

type state string

// An unfinished job is stored as queued. That it runs is known by its member
// alone, so a job whose process was killed is not left running in the store.
const (
	queued  state = "queued"
	running state = "running"
	done    state = "done"
	failed  state = "failed"
)

// A duration is written "1m30s" in JSON.
type duration struct{ time.Duration }

func (d duration) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

func (d *duration) UnmarshalText(text []byte) (err error) {
	d.Duration, err = time.ParseDuration(string(text))
	return err
}
