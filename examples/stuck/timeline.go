package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"time"

	"github.com/seed-3b777528/grouper"
	"golang.org/x/exp/trace"
)

// A timeline is what the tasks of an execution trace tell of the members.
type timeline struct {
	start, end trace.Time // of the first and the last mark
	looked     trace.Time // when the program looked at itself
	lanes      []*lane
}

// A lane is a member, from its start to its exit.
type lane struct {
	path  string
	start trace.Time
	marks []mark
}

// A mark is an event of a member: ready, signal or exit.
type mark struct {
	category, message string
	at                trace.Time
}

// since returns how far into the trace a time is.
func (t *timeline) since(at trace.Time) time.Duration { return at.Sub(t.start) }

// paths returns the paths of all members, in the order in which they are drawn.
func paths(status grouper.Status) []string {
	var all []string
	for _, member := range status.Members {
		all = append(all, member.Name)
		if member.Group != nil {
			for _, path := range paths(*member.Group) {
				all = append(all, member.Name+"/"+path)
			}
		}
	}
	return all
}

// readTimeline reads a trace, and puts the members in the given order.
func readTimeline(file string, order []string) (*timeline, error) {
	traced, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer traced.Close()
	reader, err := trace.NewReader(bufio.NewReader(traced))
	if err != nil {
		return nil, err
	}
	t := new(timeline)
	for tasks := make(map[trace.TaskID]*lane); ; {
		event, err := reader.ReadEvent()
		switch {
		case errors.Is(err, io.EOF):
			slices.SortFunc(t.lanes, func(a, b *lane) int {
				return slices.Index(order, a.path) - slices.Index(order, b.path)
			})
			return t, nil
		case err != nil:
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		t.take(event, tasks)
	}
}

func (t *timeline) take(event trace.Event, tasks map[trace.TaskID]*lane) {
	switch event.Kind() {
	case trace.EventTaskBegin:
		task := event.Task()
		tasks[task.ID] = &lane{path: task.Type, start: event.Time()}
		t.lanes = append(t.lanes, tasks[task.ID])
	case trace.EventLog:
		log := event.Log()
		if log.Category == "looked" {
			t.looked = event.Time()
		} else if lane := tasks[log.Task]; lane != nil {
			lane.marks = append(lane.marks, mark{log.Category, log.Message, event.Time()})
		}
	default:
		return // what the runtime does before and after is of no interest
	}
	if t.start == 0 {
		t.start = event.Time()
	}
	t.end = event.Time()
}
