package proof

import (
	"fmt"
	"os"
)

// assignNumber sets the number of the member or listener that the event adds,
// and reports whether there may be that many.
func (h *harness) assignNumber(e event) (event, bool) {
	switch e.op {
	case insert, insertNil:
		e.at = int(h.inserted.Add(1) - 1)
		return e, e.at < maxMembers
	case listen, listenEntrances, listenExits:
		e.at = int(h.listening.Add(1) - 1)
		return e, e.at < maxListeners
	}
	return e, true
}

// applicable reports whether the event is one of the group's kind, and may
// happen in a burst with others, or is single.
func (h *harness) applicable(e event, single bool) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	isDynamic := h.script.isDynamic()
	switch e.op {
	case becomeReady, exit, signal:
		return true
	case run:
		return isDynamic || single && isClosed(h.exited)
	case closeSignals:
		return single && h.ran && !h.signalsClosed && !isClosed(h.exited) && (isDynamic || h.script.size > 0)
	case listen:
		return isDynamic && single
	case insert, insertNil, closeInserter:
		return isDynamic && !h.insertsClosed && (single || e.op != closeInserter)
	}
	return isDynamic
}

// trigger makes an event happen, and reports whether it could. An insert blocks
// until it is accepted, or cancel is closed.
func (h *harness) trigger(e event, cancel <-chan struct{}) bool {
	switch e.op {
	case becomeReady:
		return h.runners[e.at].becomeReady(h.script.wraps == again)
	case exit:
		return h.runners[e.at].exit(e.arg)
	case signal:
		return h.signal(toSignal(e.arg))
	case closeSignals:
		close(h.signals)
		h.set(&h.signalsClosed)
	case run:
		if !h.script.isDynamic() {
			h.reset()
		}
		h.run()
	case insert, insertNil:
		return h.insert(e, cancel)
	case closeGroup:
		h.client.Close()
		if !isClosed(h.client.CloseNotifier()) {
			h.fault("D6: Close has returned, and CloseNotifier is not closed")
		}
	case closeInserter:
		h.client.CloseInserter()
		h.set(&h.insertsClosed)
	case listen:
		h.listen(0, e.at, true)
		h.listen(1, e.at, true)
	case listenEntrances:
		h.listen(0, e.at, false)
	case listenExits:
		h.listen(1, e.at, false)
	case clientSignal:
		process, found := h.client.Get(string(e.arg))
		if found {
			process.Signal(toSignal(fromClient))
		}
		return found
	case get:
		_, found := h.client.Get(string(e.arg))
		return found
	}
	return true
}

func (h *harness) set(guarded *bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	*guarded = true
}

func (h *harness) signal(signal os.Signal) bool {
	h.mu.Lock()
	impossible := h.signalsClosed || !h.ran
	h.mu.Unlock()
	if impossible || isClosed(h.exited) {
		return false
	}
	select {
	case h.signals <- signal:
		return true
	case <-h.exited:
		return false
	}
}

func (h *harness) insert(e event, cancel <-chan struct{}) bool {
	member := h.member(e.at, e.arg, e.op == insertNil)
	if e.op == insertNil {
		member.Name = fmt.Sprint(e.at)
	}
	r := &h.runners[e.at]
	r.name = member.Name
	accepted := h.client.Insert(member, cancel)
	r.accepted.Store(accepted)
	return accepted
}
