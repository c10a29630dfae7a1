package grouper

import (
	"sync"
	"sync/atomic"
)

// A mailbox carries news from the members to their group's loop. Members add
// themselves to its list, and wake the loop only when it has asked for that.
type mailbox struct {
	wake    chan struct{} // has one element while the loop is to look
	dynamic bool          // whether the group is
	turns   *turns        // of an ordered group's members to stop; nil of other groups

	mu          sync.Mutex   // guards what follows
	first, last *process     // a list, the oldest news first
	listed      atomic.Int64 // reading it needs no lock
	quorum      int          // how many have to be listed to wake the loop
	exits       int32        // how many there were (S1)
}

// post lists a member that may have become ready, unless it has exited: the loop
// may have taken the exit by now, and would take it again.
func (m *mailbox) post(p *process) {
	if m.add(p) {
		m.ring()
	}
}

func (m *mailbox) add(p *process) (enough bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return !p.exited && m.list(p, m.quorum)
}

// addExit lists a member that has exited, and reports whether the loop is to be
// woken.
func (m *mailbox) addExit(p *process) (enough bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	p.exited = true
	return m.list(p, 1)
}

// addEntered also enters the exit, and answers all that wait for it, before the
// loop can take it (M1) but not before it knows that there is news (O1). The loop
// is to be woken only once as many members are listed as it has asked for. That is
// left to the caller, since the loop would only wait for the locks that the caller
// holds.
func (m *mailbox) addEntered(p *process, text string) (enough bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	p.exited = true
	enough = m.list(p, m.quorum)
	m.enterExit(p)
	p.answerLocked(text)
	return enough
}

// enter enters the exit of a member that was listed without it.
func (m *mailbox) enter(p *process) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.enterExit(p)
}

// enterExit enters the exits of a group in the order of their ranks.
func (m *mailbox) enterExit(p *process) {
	p.rank = m.exits
	m.exits++
	p.enterLocked(StateExited, now(), nil, p.err)
}

func (m *mailbox) list(p *process, quorum int) (enough bool) {
	if !p.listed {
		p.listed = true
		if m.first == nil {
			m.first = p
		} else {
			m.last.next = p
		}
		m.last = p
		m.listed.Add(1)
	}
	return int(m.listed.Load()) >= quorum
}

// ring wakes the loop.
func (m *mailbox) ring() {
	select {
	case m.wake <- struct{}{}:
	default:
	}
}

// take takes the member with the oldest news, or nil if there is none. It
// reports whether the news is its exit, and whether that has been entered.
func (m *mailbox) take() (p *process, exited, entered bool) {
	if m.listed.Load() == 0 {
		return nil, false, false
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	p = m.first
	m.first, p.next = p.next, nil
	p.listed = false
	m.listed.Add(-1)
	return p, p.exited, p.times.exited != 0
}

// askFor sets the number of listed members at which they wake the loop.
func (m *mailbox) askFor(quorum int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.quorum = quorum
	if m.listed.Load() >= int64(quorum) {
		m.ring()
	}
}

// ringAgain wakes the loop if there is news left.
func (m *mailbox) ringAgain() {
	if m.listed.Load() > 0 {
		m.ring()
	}
}
