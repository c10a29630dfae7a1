package proof

import "strings"

// A listener records what it receives: two letters per event, as in the model,
// and a point when its channel is closed.
type listener struct {
	next     func() (string, bool)
	received strings.Builder
}

func (l *listener) read() {
	for event, open := l.next(); open; event, open = l.next() {
		l.received.WriteString(event)
	}
	l.received.WriteString(".")
}

// soFar returns nothing if there is no such listener.
func (l *listener) soFar() string {
	if l == nil {
		return ""
	}
	return l.received.String()
}

// listen attaches a listener that is read at once. When everything has settled,
// it can get a counterpart, which is not read until the end, and must receive
// the same.
func (h *harness) listen(kind, at int, twice bool) {
	l := &listener{next: h.subscribe(kind)}
	h.listeners[kind][at] = l
	if twice {
		h.unread = append(h.unread, &listener{next: h.subscribe(kind)}, l)
	}
	go l.read()
}

func (h *harness) subscribe(kind int) (next func() (string, bool)) {
	if kind == 0 {
		listener := h.client.Entrances()
		h.checkCapacity(listener.Cap)
		return func() (string, bool) {
			e, open := listener.Next()
			if !open {
				return "", false
			}
			return h.memberNumber(e.Member) + "+", true
		}
	}
	listener := h.client.Exits()
	h.checkCapacity(listener.Cap)
	return func() (string, bool) {
		e, open := listener.Next()
		if !open {
			return "", false
		}
		return h.memberNumber(e.Member) + string(toResult(e.Err)), true
	}
}

func (h *harness) checkCapacity(capacity int) {
	if capacity != h.script.buffer {
		h.fault("L1: a listener's channel has a capacity of %d", capacity)
	}
}

// readUnread reads the listeners that were not read yet.
func (h *harness) readUnread() {
	for i := 0; i < len(h.unread); i += 2 {
		h.unread[i].read()
		if unread, read := h.unread[i].soFar(), h.unread[i+1].soFar(); unread != read {
			h.fault("L2: a listener that was not read got %q, one that was %q", unread, read)
		}
	}
}
