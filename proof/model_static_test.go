package proof

// static is the model of a parallel ('p'), ordered ('o') or queue-ordered
// ('q') group.
type static struct {
	kind          byte
	size          int
	termination   byte // 0 for nil
	members       [maxMembers]member
	ready         bool   // the group is
	failed        bool   // G5: a member exited before it was ready
	signalsClosed bool   // G3: the signals channel was closed
	queue         string // signals that the group was sent, and has not handled
	signal        byte   // the latest propagated, 0 until shutting down
	trace         string // S1
}

func (s static) apply(e event) model {
	switch e.op {
	case becomeReady:
		s.members[e.at].ready = true
	case exit:
		s.members[e.at].result = e.arg
	case signal:
		s.queue += string(e.arg)
	case closeSignals:
		s.signalsClosed = true
	case run: // S2: each run starts afresh
		fresh := static{kind: s.kind, size: s.size, termination: s.termination}
		for i, m := range s.members {
			fresh.members[i].noRunner = m.noRunner
		}
		return fresh
	}
	return s
}

func (s static) steps() []model {
	var next []model
	if s.done() {
		return nil
	}
	if s.queue != "" {
		next = append(next, s.takeSignal())
	}
	for i, m := range s.members {
		if m.phase == running && m.result != 0 {
			next = append(next, s.exit(i))
		}
	}
	if s.startable() {
		next = append(next, s.start())
	}
	if s.allReady() {
		next = append(next, s.becomeReady())
	}
	return next
}

// starting: G5, G7.
func (s static) starting() bool { return !s.ready && !s.failed && s.signal == 0 }

// startable: a pending signal is handled before the next start (O1).
func (s static) startable() bool {
	if !s.starting() || s.queue != "" || s.count(absent) == 0 {
		return false
	}
	return s.kind == 'p' || s.started() == s.countReady() // O1
}

func (s static) start() static {
	for i := range s.size {
		if s.members[i].phase == absent {
			s.members[i] = s.members[i].start()
			if s.kind != 'p' { // P1: all of them, O1: one after the other
				break
			}
		}
	}
	return s
}

// allReady: P1, O1, S3.
func (s static) allReady() bool { return s.starting() && s.countReady() == s.size }

func (s static) becomeReady() static {
	s.ready = true
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

func (s static) propagate(signal byte) static {
	latest := s.signal
	s.signal = signal
	switch {
	case s.kind == 'p': // P2
		for i := range s.members {
			s = s.signalMember(i)
		}
	case latest != signal: // O2, O3
		s = s.signalMember(s.stopping())
	}
	return s
}

// signalMember sends the latest signal to a member, if it is running.
func (s static) signalMember(i int) static {
	if i >= 0 && s.members[i].phase == running {
		s.members[i].signals += string(s.signal)
		s.members[i].stopped = true
	}
	return s
}

// stopping is the member whose turn it is to stop, or -1 (O2, O4).
func (s static) stopping() int {
	found := -1
	for i, m := range s.members {
		if m.phase == running && (found < 0 || s.kind == 'o') {
			found = i
		}
	}
	return found
}

func (s static) exit(i int) static {
	if s.allReady() { // G2
		s = s.becomeReady()
	}
	hadTurn := i == s.stopping()
	m := &s.members[i]
	m.phase = exited
	s.trace += string(rune('0'+i)) + string(m.result) // S1
	if !m.ready {
		s.failed = true // G5
	}
	switch {
	case s.signal == 0 && s.termination != 0: // G4
		s = s.propagate(s.termination)
	case s.signal != 0 && s.kind != 'p' && hadTurn: // O2
		s = s.signalMember(s.stopping())
	}
	return s
}

// done: G5, G6, S3.
func (s static) done() bool {
	over := s.signal != 0 || s.failed || s.ready && s.size > 0
	return over && s.count(running) == 0
}

func (s static) events(scope scope) []event {
	if s.done() {
		return scope.pick(event{op: run})
	}
	possible := scope.ofMembers(s.members)
	if !s.signalsClosed {
		possible = append(possible, scope.toGroup()...)
		if s.size > 0 { // S3: a group without members needs a signal to end
			possible = append(possible, scope.pick(event{op: closeSignals})...)
		}
	}
	return possible
}

func (s static) count(p phase) int { return count(s.members[:s.size], p) }

func (s static) started() int { return s.size - s.count(absent) }

func (s static) countReady() (n int) {
	for _, m := range s.members {
		if m.ready {
			n++
		}
	}
	return n
}
