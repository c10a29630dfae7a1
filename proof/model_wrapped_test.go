package proof

// How the members of a script are wrapped (W).
const (
	identity = 'i' // by a wrap that returns what it gets
	passing  = 'w' // by a Runner that runs what it gets
	again    = 'r' // by one that does so again if the first exit has an error
)

// A wrapped is what a member has inside its Wrap.
type wrapped struct {
	runs   int  // have begun
	state  byte // of the latest: 0 if none, or before another one
	closed bool // the Runner has closed its ready channel
	over   bool // its Run has returned before that; nobody sees it
}

// insideSteps returns what may happen next inside the members' Wraps.
func (ms members) insideSteps() (next []members) {
	for i, m := range ms.all {
		if ms.wraps == 0 || m.phase != running || m.noRunner {
			continue
		}
		switch inside := m.inside; {
		case inside.state == 0:
			next = append(next, ms.beginInside(i))
		case inside.state == 's' && inside.closed:
			next = append(next, ms.readyInside(i))
		case inside.state == 'r' && !m.ready:
			next = append(next, ms.passReady(i)) // W5: before the exit
		case inside.state == 's' && m.result != 0 && !inside.over && ms.wraps != again:
			next = append(next, ms.returnInside(i))
		case inside.state != 'e' && m.result != 0:
			next = append(next, ms.exitInside(i))
		}
	}
	return next
}

// recordInside records an event of the latest run inside a Wrap (V2).
func (ms members) recordInside(i int, state, detail byte) members {
	ms.all[i].inside.state = state
	ms.trail = ms.trail.add(ms.path(i), ms.all[i].inside.runs, state, detail)
	return ms
}

// beginInside: the stand-in is run. Whoever does something has been.
func (ms members) beginInside(i int) members {
	if ms.wraps == 0 || ms.all[i].inside.state != 0 {
		return ms
	}
	ms.all[i].inside.runs++
	return ms.recordInside(i, 's', noDetail)
}

func (ms members) readyInside(i int) members { return ms.recordInside(i, 'r', noDetail) }

// passReady: what is inside is ready for the first time.
func (ms members) passReady(i int) members {
	ms.all[i].ready = true
	return ms.record(i, 'r', noDetail)
}

// returnInside: the Run returns, which nobody sees before the exit. If its ready
// channel is closed after that, it is too late: W5 asks for nothing, and nobody
// looks. Runners that may run again do not close it then.
func (ms members) returnInside(i int) members {
	ms.all[i].inside.over = true
	return ms
}

func (ms members) exitInside(i int) members {
	ms = ms.recordInside(i, 'e', ms.all[i].result)
	if m := &ms.all[i]; ms.wraps == again && m.inside.runs == 1 && m.result == boom {
		m.result, m.inside.state, m.inside.closed = 0, 0, false
	}
	return ms
}

// mayExit reports whether a member whose Runner has returned, or is about to,
// exits without another step inside.
func (ms members) mayExit(i int) bool {
	m := ms.all[i]
	return m.phase == running && m.result != 0 && (ms.wraps == 0 || m.noRunner || m.inside.state == 'e')
}

// viewInside is what Inspect shows of it (W4): the number of runs, the state of
// the latest, and its result.
func (ms members) viewInside(i int) string {
	m := ms.all[i]
	switch {
	case ms.wraps == 0:
		return ""
	case m.inside.runs == 0:
		return "0p"
	case m.inside.state == 'e':
		return string([]byte{byte('0' + m.inside.runs), 'e', m.result})
	}
	return string([]byte{byte('0' + m.inside.runs), m.inside.state})
}

// isReady: I7.
func (ms members) isReady(i int) bool {
	m := ms.all[i]
	if m.phase == exited {
		return m.result == noError
	}
	return m.state() == 'r' && (m.inside.runs == 0 || m.inside.state == 'r')
}
