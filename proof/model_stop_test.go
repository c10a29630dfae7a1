package proof

func (s static) propagate(signal byte) static {
	latest := s.signal
	s.signal = signal
	s.members = s.recordGroup('t', signal)
	switch {
	case s.kind == 'p' || latest == 0: // P2, O2
		s.handing = 1
	case latest != signal && s.turn > 0: // O3
		s.members = s.members.signal(s.turn-1, signal)
	}
	return s
}

// hand signals the next one of all members, or begins an ordered group's turns.
// One that comes later may exit meanwhile, and become ready, which is too late for
// the group.
func (s static) hand() static {
	if s.kind != 'p' {
		s.handing = 0
		return s.stopNext()
	}
	s.members = s.members.signal(s.handing-1, s.signal)
	if s.handing++; s.handing > maxMembers {
		s.handing = 0
	}
	return s
}

// stopNext: O2, O4.
func (s static) stopNext() static {
	s.turn = 0
	for i, m := range s.all {
		if m.phase == running && (s.turn == 0 || s.kind == 'o') {
			s.turn = i + 1
		}
	}
	s.members = s.members.signal(s.turn-1, s.signal)
	return s
}
