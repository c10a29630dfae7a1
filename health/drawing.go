package health

import (
	"fmt"
	"slices"

	"github.com/seed-3b777528/grouper"
)

// rowsOf draws the tree below a root.
func rowsOf(root *grouper.Status) []row {
	d := &drawing{timeline: timelineOf(*root), drawn: drawnOf(root), waitingFor: map[string]bool{}}
	for _, path := range root.WaitingFor() {
		d.waitingFor[path] = true
	}
	d.group(root, "", nil)
	return d.rows
}

// drawnOf returns how many members of each group are drawn: at most 100 per
// group, of as many groups as a browser can draw quickly (H4). Groups come
// before the ones below them.
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
	timeline   timeline
	drawn      map[*grouper.Status]int
	waitingFor map[string]bool // by path
	rows       []row
}

func (d *drawing) group(group *grouper.Status, prefix string, guides []string) {
	members, rest := group.Members[:d.drawn[group]], group.Members[d.drawn[group]:]
	for i := range members {
		member := &members[i]
		branch, below := "tee", "line"
		if i == len(members)-1 && len(rest) == 0 {
			branch, below = "end", "none"
		}
		d.rows = append(d.rows, d.member(member, prefix, deeper(guides, branch)))
		if member.Group != nil {
			d.group(member.Group, prefix+member.Name+"/", deeper(guides, below))
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

// deeper returns the guides of the next level. Trees of any depth are drawn,
// and indented as long as there is room.
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
		Waiting: d.waitingFor[prefix+m.Name],
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
	if m.Err != nil && !d.drawsErrorOf(m) {
		r.Err = clip(lines(textOf(m.Err)))
	}
	return r
}

// drawsErrorOf reports whether the drawn members below a member show all that
// is in its error.
func (d *drawing) drawsErrorOf(m *grouper.MemberStatus) bool {
	trace, isTrace := m.Err.(grouper.ErrorTrace)
	if !isTrace || m.Group == nil {
		return false
	}
	drawn := map[string]bool{}
	for _, below := range m.Group.Members[:d.drawn[m.Group]] {
		drawn[below.Name] = below.Err != nil
	}
	return !slices.ContainsFunc(trace, func(exit grouper.ExitEvent) bool { return exit.Err != nil && !drawn[exit.Member.Name] })
}
