package inside

import (
	"bytes"
	"errors"
	"io"
	"maps"
	"runtime/trace"
	"slices"
	"testing"

	parser "golang.org/x/exp/trace"
)

// A recording is an execution trace that is being recorded. It must begin
// outside of a bubble, since its goroutine must not belong to one.
type recording struct{ bytes.Buffer }

func record(t *testing.T) *recording {
	t.Helper()
	r := new(recording)
	if err := trace.Start(r); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(trace.Stop)
	return r
}

// A task is what a trace contains about a member (I5).
type task struct {
	events []string // the categories of its log
	ended  bool
}

// tasks returns the tasks of a trace by their paths.
type tasks map[string]*task

func (r *recording) stop(t *testing.T) tasks {
	t.Helper()
	trace.Stop()
	reader, err := parser.NewReader(r)
	if err != nil {
		t.Fatal(err)
	}
	byPath, byID := tasks{}, map[parser.TaskID]*task{}
	for {
		event, err := reader.ReadEvent()
		if errors.Is(err, io.EOF) {
			return byPath
		}
		if err != nil {
			t.Fatal(err)
		}
		switch event.Kind() {
		case parser.EventTaskBegin:
			begun := event.Task()
			if byPath[begun.Type] != nil {
				t.Errorf("%s is two tasks", begun.Type)
			}
			byPath[begun.Type] = new(task)
			byID[begun.ID] = byPath[begun.Type]
		case parser.EventTaskEnd:
			byID[event.Task().ID].ended = true
		case parser.EventLog:
			log := event.Log()
			of := byID[log.Task]
			of.events = append(of.events, log.Category)
			if of.ended {
				t.Errorf("%q is logged after the task has ended", log.Message)
			}
		}
	}
}

// wantEvents checks what was logged about a member that runs, or has exited.
func (all tasks) wantEvents(t *testing.T, path string, ended bool, events ...string) {
	t.Helper()
	one := all[path]
	if one == nil {
		t.Errorf("%s is no task", path)
		return
	}
	wantEqual(t, path+" logged", one.events, events)
	wantEqual(t, path+" ended:", []bool{one.ended}, []bool{ended})
}

// paths returns the tasks that have one event but not the other.
func (all tasks) paths(with, without string) (paths []string) {
	for _, path := range slices.Sorted(maps.Keys(all)) {
		events := all[path].events
		if slices.Contains(events, with) && !slices.Contains(events, without) {
			paths = append(paths, path)
		}
	}
	return paths
}
