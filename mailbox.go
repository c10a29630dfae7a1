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

	mu          sync.Mutex   // guards what follows
	first, last *process     // a list, the oldest news first
	listed      atomic.Int64 // reading it needs no lock
	quorum      int          // how many have to be listed to wake the loop
	exits       int          // how many there were (S1)
}

// post lists a member that may have become ready, unless it has exited: the loop
// may have taken the exit by now, and would take it again.
func (m *mailbox) post(p *process) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if p.exited {
		return
	}
	m.list(p)
	m.wakeAt(m.quorum)
}

// postExit lists a member that has exited. If it also enters the exit, it wakes
// the loop only once as many members are listed as the loop has asked for.
func (m *mailbox) postExit(p *process, entered bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	p.exited = true
	m.list(p)
	if entered {
		m.enterExit(p)
		m.wakeAt(m.quorum)
	} else {
		m.wakeAt(1)
	}
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

func (m *mailbox) list(p *process) {
	if p.listed {
		return
	}
	p.listed = true
	if m.first == nil {
		m.first = p
	} else {
		m.last.next = p
	}
	m.last = p
	m.listed.Add(1)
}

func (m *mailbox) wakeAt(quorum int) {
	if int(m.listed.Load()) >= quorum {
		m.ringLocked()
	}
}

func (m *mailbox) ringLocked() {
	select {
	case m.wake <- struct{}{}:
	default:
	}
}

// take takes the member with the oldest news, or nil if there is none, and
// reports whether the news is its exit.
func (m *mailbox) take() (p *process, exited bool) {
	if m.listed.Load() == 0 {
		return nil, false
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	p = m.first
	m.first, p.next = p.next, nil
	p.listed = false
	m.listed.Add(-1)
	return p, p.exited
}

// askFor sets the number of listed members at which they wake the loop.
func (m *mailbox) askFor(quorum int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.quorum = quorum
	if m.listed.Load() > 0 {
		m.wakeAt(quorum)
	}
}

// ring wakes the loop if there is news left.
func (m *mailbox) ring() {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.listed.Load() > 0 {
		m.ringLocked()
	}
}
