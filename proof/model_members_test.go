package proof

// members are what both models have: the members, and what an observer is
// called with.
type members struct {
	all   [maxMembers]member
	wraps byte // how they are wrapped, or 0
	trail trail
	ended bool // the observer was called with the group's own exit
}

func (ms members) observed() trail { return ms.trail }

// path is the name of a member.
func (ms members) path(i int) byte {
	if name := ms.all[i].name; name != 0 {
		return name
	}
	return byte('a' + i) // of a static group
}

// record records an event of a member (V1).
func (ms members) record(i int, state, detail byte) members {
	ms.trail = ms.trail.add(ms.path(i), 0, state, detail)
	return ms
}

// recordGroup records an event of the group itself.
func (ms members) recordGroup(state, detail byte) members {
	ms.trail = ms.trail.add(rootPath, 0, state, detail)
	return ms
}

// start starts a member. G1: without a Runner it exits at once.
func (ms members) start(i int) members {
	m := &ms.all[i]
	m.phase = running
	if m.noRunner {
		m.result = nilRunner
	}
	return ms.record(i, 's', noDetail)
}

// becomeReady: the member closes its ready channel.
func (ms members) becomeReady(i int) members {
	ms = ms.beginInside(i)
	m := &ms.all[i]
	switch {
	case m.phase != running:
	case ms.wraps == 0:
		m.ready = true
		return ms.record(i, 'r', noDetail)
	case m.inside.state == 's' && !m.inside.over:
		m.inside.closed = true
	}
	return ms
}

// signal sends a signal of the group to a member, if it is running.
func (ms members) signal(i int, signal byte) members {
	if i < 0 || ms.all[i].phase != running {
		return ms
	}
	ms.all[i].signals += string(signal)
	ms.all[i].stopped = true
	return ms.record(i, 't', signal)
}

// returns: the member's Runner is about to return.
func (ms members) returns(i int, result byte) members {
	ms = ms.beginInside(i)
	ms.all[i].result = result
	return ms
}

func (ms members) exit(i int) members {
	ms.all[i].phase = exited
	return ms.record(i, 'e', ms.all[i].result)
}

// end: Run returns.
func (ms members) end(failed bool) members {
	ms.ended = true
	if failed {
		return ms.recordGroup('e', anError)
	}
	return ms.recordGroup('e', noError)
}
