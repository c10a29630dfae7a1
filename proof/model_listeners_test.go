package proof

// maxListeners is how many listeners of each kind a script can have.
const maxListeners = 3

// An eventLog has all events of one kind, and what each listener was sent. An
// event is two letters: the member's number, and the result or '+'.
type eventLog struct {
	all       string
	listening [maxListeners]bool
	delivered [maxListeners]string
}

func (l eventLog) deliver(i int, result byte) eventLog {
	event := string(rune('0'+i)) + string(result)
	l.all += event
	for i, listening := range l.listening {
		if listening { // L2
			l.delivered[i] += event
		}
	}
	return l
}

// listen adds a listener, which gets the latest events first (L1, L4).
func (l eventLog) listen(i, buffer int) eventLog {
	l.listening[i] = true
	l.delivered[i] = l.all[max(0, len(l.all)-2*buffer):]
	return l
}

// received returns what each listener gets, with a point if they are closed.
func (l eventLog) received(closed bool) [maxListeners]string {
	for i, listening := range l.listening {
		if listening && closed {
			l.delivered[i] += "."
		}
	}
	return l.delivered
}
