package grouper_test

import (
	"fmt"
	"slices"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	"github.com/seed-3b777528/grouper"
	"github.com/tedsuo/ifrit"
)

// An eventLog is what an observer has seen. It is read when nothing happens any
// more.
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

// of returns what was seen of a path.
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

// bushyTree is a tree of static groups and Wraps, all members of which are
// ready at once.
func bushyTree(depth int) ifrit.Runner {
	if depth == 0 {
		return untilSignaled
	}
	var members grouper.Members
	for i := range 4 {
		members = append(members, grouper.Member{string(rune('a' + i)), bushyTree(depth - 1)})
	}
	members[1].Runner = grouper.Wrap(members[1].Runner, transparent)
	members[2].Runner = grouper.Observe(grouper.Wrap(members[2].Runner, sigmonned), nil)
	return staticKinds[depth%3].group(interrupt, members)
}

// expectCausality checks what holds for the events of any bushyTree.
func (l *eventLog) expectCausality() {
	GinkgoHelper()
	index := make(map[string]int)
	for i, event := range l.events {
		key := fmt.Sprintf("%s#%d %s", event.Path, event.Run, event.State)
		if _, known := index[key]; !known {
			index[key] = i
		}
	}
	before := func(earlier, later string) {
		GinkgoHelper()
		first, told := index[earlier]
		if then, too := index[later]; !told || !too || first >= then {
			Fail(fmt.Sprintf("%s (%v, at %d) should come before %s (%v, at %d)", earlier, told, first, later, too, then))
		}
	}
	for _, event := range l.events {
		path := event.Path
		before(path+"#0 starting", path+"#0 ready")
		before(path+"#0 ready", path+"#0 exited")
		if event.Run > 0 {
			before(path+"#0 starting", path+"#1 starting")
			before(path+"#1 ready", path+"#0 ready")
			before(path+"#1 exited", path+"#0 exited")
		}
		if path == "" {
			continue
		}
		parent := path[:max(0, strings.LastIndex(path, "/"))]
		before(parent+"#0 starting", path+"#0 starting")
		before(path+"#0 ready", parent+"#0 ready")
		before(path+"#0 exited", parent+"#0 exited")
		before(parent+"#0 stopping", path+"#0 stopping")
		// Of the depths 3 and 1, one is a parallel group.
		if depth := strings.Count(path, "/"); staticKinds[(3-depth)%3].name != "parallel" && !strings.HasSuffix(path, "a") {
			previous := path[:len(path)-1] + string(path[len(path)-1]-1)
			before(previous+"#0 ready", path+"#0 starting")
		}
	}
}
