package proof

// static is the model of a parallel ('p'), ordered ('o') or queue-ordered
// ('q') group.
type static struct {
	kind        byte
	size        int
	termination byte // 0 for nil
	members
	ready         bool   // the group is
	failed        bool   // G5: a member exited before it was ready
	signalsClosed bool   // G3: the signals channel was closed
	queue         string // signals that the group was sent, and has not handled
	signal        byte   // the latest propagated, 0 until shutting down
	trace         string // S1
	taken         int    // how many of these exits the group knows of
	turn          int    // the member whose turn it is to stop: its number and 1, or 0
	handing       int    // the member of a parallel group to be signaled next, likewise; 1 if an ordered group's first turn is due
}

func (s static) apply(e event) model {
	switch e.op {
	case becomeReady:
		s.members = s.becomeReady(e.at)
	case exit:
		s.members = s.returns(e.at, e.arg)
	case signal:
		s.queue += string(e.arg)
	case closeSignals:
		s.signalsClosed = true
	case run: // S2: each run starts afresh
		fresh := static{kind: s.kind, size: s.size, termination: s.termination}
		for i, m := range s.all {
			fresh.all[i].noRunner = m.noRunner
		}
		fresh.trail, fresh.wraps = s.trail, s.wraps
		return fresh.begin()
	}
	return s
}

// begin: Run is called.
func (s static) begin() static {
	s.members = s.recordGroup('s', noDetail)
	return s
}

func (s static) steps() []model {
	var next []model
	if s.done() {
		if s.ended {
			return nil
		}
		s.members = s.end(s.failedMember())
		return []model{s}
	}
	for _, members := range s.insideSteps() {
		after := s
		after.members = members
		next = append(next, after)
	}
	for i := range s.all {
		if s.mayExit(i) {
			next = append(next, s.leave(i))
		}
	}
	if s.handing > 0 {
		return append(next, s.hand())
	}
	if s.queue != "" {
		next = append(next, s.takeSignal())
	}
	if s.taken < len(s.trace) {
		next = append(next, s.takeExit())
	}
	if s.startable() {
		next = append(next, s.startDue())
	}
	if s.allReady() {
		next = append(next, s.groupReady())
	}
	return next
}

// starting: G5, G7.
func (s static) starting() bool { return !s.ready && !s.failed && s.signal == 0 }

// startable: an exit or a signal that is pending is handled before the next
// start (O1).
func (s static) startable() bool {
	if !s.starting() || s.queue != "" || s.taken < len(s.trace) || s.count(absent) == 0 {
		return false
	}
	return s.kind == 'p' || s.started() == s.countReady() // O1
}

func (s static) startDue() static {
	for i := range s.size {
		if s.all[i].phase == absent {
			s.members = s.start(i)
			if s.kind != 'p' { // P1: all of them, O1: one after the other
				break
			}
		}
	}
	return s
}

// allReady: P1, O1, S3.
func (s static) allReady() bool { return s.starting() && s.countReady() == s.size }

func (s static) groupReady() static {
	s.ready = true
	s.members = s.recordGroup('r', noDetail)
	return s
}

func (s static) takeSignal() static {
	signal := s.queue[0]
	s.queue = s.queue[1:]
	if signal == noSignal { // G3
		return s
	}
	return s.propagate(signal)
}

// leave: a member exits, and the group does not know of it yet.
func (s static) leave(i int) static {
	s.members = s.exit(i)
	s.trace += string(rune('0'+i)) + string(s.all[i].result) // S1
	return s
}

func (s static) takeExit() static {
	if s.allReady() { // G2
		s = s.groupReady()
	}
	i := int(s.trace[s.taken] - '0')
	s.taken += 2
	s = s.takeFailure(i)
	switch {
	case s.signal == 0 && s.termination != 0: // G4
		s = s.propagate(s.termination)
	case s.turn == i+1: // O2
		s = s.stopNext()
	}
	return s
}

// takeFailure: G5. The observer sees it unless the exit shuts the group down.
func (s static) takeFailure(i int) static {
	if s.all[i].ready {
		return s
	}
	if s.starting() && s.termination == 0 {
		s.members = s.recordGroup('f', noDetail)
	}
	s.failed = true
	return s
}

// done: G5, G6, S3.
func (s static) done() bool {
	over := s.signal != 0 || s.failed || s.ready && s.size > 0
	return over && s.count(running) == 0 && s.taken == len(s.trace) && s.handing == 0
}

func (s static) rest() model {
	s.trail = s.trail.rest()
	return s
}

func (s static) events(scope scope) []event {
	if s.done() {
		return scope.pick(event{op: run})
	}
	possible := scope.ofMembers(s.all)
	if !s.signalsClosed {
		possible = append(possible, scope.toGroup()...)
		if s.size > 0 { // S3: a group without members needs a signal to end
			possible = append(possible, scope.pick(event{op: closeSignals})...)
		}
	}
	return possible
}

func (s static) count(p phase) int { return count(s.all[:s.size], p) }

func (s static) started() int { return s.size - s.count(absent) }

func (s static) countReady() (n int) {
	for _, m := range s.all {
		if m.ready {
			n++
		}
	}
	return n
}
