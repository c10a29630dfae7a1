package grouper_test

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seed-3b777528/grouper"
	"github.com/tedsuo/ifrit"
)

// An eventLog is what an observer has been told. It is read when nothing
// happens any more.
type eventLog struct{ events []grouper.Event }

// watched observes a runner.
func watched(runner ifrit.Runner) (*eventLog, ifrit.Runner) {
	log := new(eventLog)
	return log, grouper.Observe(runner, func(event grouper.Event) { log.events = append(log.events, event) })
}

// describe returns an event in a few words: "a#2 exited: boom".
func describe(event grouper.Event) string {
	text := event.Path
	if text == "" {
		text = "."
	}
	if event.Run > 0 {
		text += fmt.Sprintf("#%d", event.Run)
	}
	text += " " + string(event.State)
	if event.Signal != nil {
		text += ": " + event.Signal.String()
	}
	if event.Err != nil {
		text += ": " + strings.Join(strings.FieldsFunc(event.Err.Error(), func(r rune) bool { return r == '\n' }), "; ")
	}
	return text
}

func (l *eventLog) told() []string {
	var told []string
	for _, event := range l.events {
		told = append(told, describe(event))
	}
	return told
}

// of returns what was told of a path.
func (l *eventLog) of(path string) []string {
	var told []string
	for _, event := range l.events {
		if event.Path == path {
			told = append(told, describe(event))
		}
	}
	return told
}

func (l *eventLog) paths() []string {
	var paths []string
	for _, event := range l.events {
		paths = append(paths, event.Path)
	}
	slices.Sort(paths)
	return slices.Compact(paths)
}
