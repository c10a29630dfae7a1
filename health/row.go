package health

import (
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/seed-3b777528/grouper"
)

// A row is a line of the drawn tree: a member, or a few words about those of a
// group that are not drawn.
type row struct {
	Guides  []string // the branches of the tree, from the left
	More    string   // 150 more: 149 ready, 1 stopping; all the rest is empty then
	Prefix  string   // servers/
	Name    string   // api
	Group   string   // parallel group, signal: terminated
	State   grouper.State
	Age     string
	Waiting bool   // it is waited for
	Runs    string // down 2s after 4 runs: connection refused
	Err     string
	Bar     *bar
}

// rowsOf draws the tree below a root.
func rowsOf(root *grouper.Status) []row {
	d := &drawing{timeline: timelineOf(*root), drawn: drawnOf(root)}
	d.group(root, "", nil, true)
	return d.rows
}

// drawnOf returns how many members are drawn of each group: at most 100, of as
// many groups as make a page that a browser is quick with (H4). Groups come
// before those below them.
func drawnOf(root *grouper.Status) map[*grouper.Status]int {
	const mostOfGroup, mostOfPage = 100, 2000
	drawn := map[*grouper.Status]int{}
	room := mostOfPage
	groups := []*grouper.Status{root}
	for len(groups) > 0 {
		group := groups[0]
		groups = groups[1:]
		n := min(len(group.Members), mostOfGroup)
		if n > room {
			continue
		}
		room -= n
		drawn[group] = n
		for i := range group.Members[:n] {
			if below := group.Members[i].Group; below != nil {
				groups = append(groups, below)
			}
		}
	}
	return drawn
}

// A drawing is a tree that is being drawn.
type drawing struct {
	timeline timeline
	drawn    map[*grouper.Status]int
	rows     []row
}

// group draws the members of a group. Only one that is waited for, if it is not
// the root, waits for its members.
func (d *drawing) group(group *grouper.Status, prefix string, guides []string, waitedFor bool) {
	members, rest := group.Members[:d.drawn[group]], group.Members[d.drawn[group]:]
	for i := range members {
		member := &members[i]
		branch, below := "tee", "line"
		if i == len(members)-1 && len(rest) == 0 {
			branch, below = "end", "none"
		}
		var waitsFor []string
		if waitedFor {
			waitsFor = waitsForMember(group, i)
		}
		row := d.member(member, prefix, deeper(guides, branch))
		row.Waiting = len(waitsFor) > 0 && waitsFor[0] == member.Name
		d.rows = append(d.rows, row)
		if member.Group != nil {
			d.group(member.Group, prefix+member.Name+"/", deeper(guides, below), len(waitsFor) > 0)
		}
	}
	if len(rest) > 0 {
		word := "more"
		if len(members) == 0 {
			word = "members"
		}
		more := fmt.Sprintf("%s %s: %s", count(len(rest)), word, tally(slices.All(rest)))
		d.rows = append(d.rows, row{Guides: deeper(guides, "end"), More: more})
	}
}

// waitsForMember returns the paths that a group waits for because of one
// member: as it would be without the others. The path is the member's name if
// it is waited for itself, and not on behalf of members below it.
func waitsForMember(group *grouper.Status, i int) []string {
	alone := *group
	alone.Members = group.Members[i : i+1]
	return alone.WaitingFor()
}

// deeper returns the guides of the next level. A tree of any depth is drawn; it
// is indented as long as there is room.
func deeper(guides []string, guide string) []string {
	const deepest = 12
	if len(guides) == deepest {
		return guides
	}
	return append(slices.Clip(guides), guide)
}

func (d *drawing) member(m *grouper.MemberStatus, prefix string, guides []string) row {
	r := row{
		Guides: guides, Name: clip(printable(m.Name)), State: m.State, Bar: d.timeline.bar(m.Times),
	}
	if prefix != "" {
		r.Prefix = clip(printable(prefix))
	}
	if m.State != grouper.StatePending {
		r.Age = age(m.For)
	}
	if m.Group != nil {
		r.Group = describe(*m.Group)
	}
	if m.Wrapped != nil && saysMore(*m.Wrapped, m.State) {
		r.Runs = clip(m.Wrapped.String())
	}
	if m.Err != nil && !errorsBelow(m) {
		r.Err = clip(lines(textOf(m.Err)))
	}
	return r
}

// describe returns what there is to say of a group but its state.
func describe(s grouper.Status) string {
	words := string(s.Kind) + " group"
	if s.Signal != nil {
		return words + ", signal: " + clip(lines(textOf(s.Signal)))
	}
	if s.Closed {
		return words + ", closed"
	}
	return words
}

// errorsBelow reports whether a member's error is that of members below it,
// which show it.
func errorsBelow(m *grouper.MemberStatus) bool {
	_, isTrace := m.Err.(grouper.ErrorTrace)
	return isTrace && m.Group != nil && slices.ContainsFunc(m.Group.Members, hasFailed)
}

func hasFailed(m grouper.MemberStatus) bool { return m.Err != nil }

// saysMore reports whether what is inside a Wrap says more than the state of
// the member (W4).
func saysMore(w grouper.WrappedStatus, member grouper.State) bool {
	if w.Runs != 1 {
		return w.Runs > 1
	}
	stopping := member == grouper.StateStopping && w.State != grouper.StateExited
	return w.State != member && !stopping
}

// tally counts members by their states: 149 ready, 1 exited with an error.
func tally[K any](members iter.Seq2[K, grouper.MemberStatus]) string {
	const failed = "exited with an error"
	counts := map[grouper.State]int{}
	for _, m := range members {
		if m.Err != nil {
			counts[failed]++
		} else {
			counts[m.State]++
		}
	}
	var words []string
	for _, state := range []grouper.State{
		grouper.StatePending, grouper.StateStarting, grouper.StateReady,
		grouper.StateFailed, grouper.StateStopping, grouper.StateExited, failed,
	} {
		if n := counts[state]; n > 0 {
			words = append(words, fmt.Sprintf("%s %s", count(n), state))
		}
	}
	return strings.Join(words, ", ")
}
