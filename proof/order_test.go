package proof

import (
	"fmt"

	"github.com/seed-3b777528/grouper"
)

// An orderCheck holds all the events of one run of a group to what causes what
// (V3), whatever the model says: that cannot tell in which order the events of
// different members come if the script's events happen concurrently.
type orderCheck struct {
	*harness
	static    bool
	ordered   bool
	states    map[string]grouper.State // the latest one, of started members
	wereReady map[string]bool
	stopping  string // an ordered group's member
	exits     string // as in a trace
	began     bool
	ended     bool
	shutDown  bool
}

func (h *harness) checkOrder(events []grouper.Event) {
	c := orderCheck{
		harness: h, static: !h.script.isDynamic(), ordered: h.script.kind == 'o' || h.script.kind == 'q',
		states: make(map[string]grouper.State), wereReady: make(map[string]bool),
	}
	for _, e := range events {
		switch {
		case e.Run > 0:
		case e.Path == "":
			c.take(e)
		default:
			c.takeMember(e)
		}
	}
	c.require(c.began && c.ended, "the group has begun and ended")
	if exits := h.describe(h.err); c.static && h.err != nil {
		c.require(c.exits == exits, "the exits came in the order of the trace")
	}
}

func (c *orderCheck) require(holds bool, what string) {
	if !holds {
		c.fault("V3: it does not hold that %s", what)
	}
}

// take takes an event of the group itself.
func (c *orderCheck) take(e grouper.Event) {
	c.require(c.began == (e.State != grouper.StateStarting), "the group starts once, and first")
	switch e.State {
	case grouper.StateStarting:
		c.began = true
	case grouper.StateReady:
		for i := range c.script.size { // fuzzed scripts of dynamic groups may have a size, too
			c.require(!c.static || c.wereReady[nameOf(i)], "a static group is ready after its members")
		}
	case grouper.StateStopping:
		c.shutDown = true
	case grouper.StateExited:
		for path, state := range c.states {
			c.require(state == grouper.StateExited, fmt.Sprint(path, " exits before its group"))
		}
		c.ended = true
	}
}

func (c *orderCheck) takeMember(e grouper.Event) {
	c.require(c.began && !c.ended, "members' events come between the group's first and last")
	if toResult(e.Err) == duplicate {
		return
	}
	switch e.State {
	case grouper.StateStarting:
		c.require(!c.shutDown, "no member starts when the group is shutting down")
		if i := int(e.Path[0] - 'a'); c.ordered && i > 0 {
			c.require(c.wereReady[nameOf(i-1)], e.Path+" starts after the one before it is ready")
		}
	case grouper.StateReady:
		c.wereReady[e.Path] = true
	case grouper.StateStopping:
		c.require(c.shutDown, "the group is stopping before its members")
		if c.ordered && c.stopping != "" && c.stopping != e.Path {
			c.require(c.states[c.stopping] == grouper.StateExited, e.Path+" stops after the one before it has exited")
		}
		c.stopping = e.Path
	case grouper.StateExited:
		c.exits += fmt.Sprint(e.Path[0]-'a') + string(toResult(e.Err))
	}
	c.states[e.Path] = e.State
}

// nameOf returns the name of a member of a static group.
func nameOf(i int) string { return string(rune('a' + i)) }
