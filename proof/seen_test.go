package proof

import (
	"fmt"
	"slices"
	"strings"
	"testing/synctest"
)

// view returns what everybody sees, when everything has settled.
func (h *harness) view() view {
	v := view{ready: isClosed(h.ready), exited: isClosed(h.exited), refusals: int(h.refusals.Load())}
	if v.exited {
		v.result = h.describe(h.err)
	}
	for i := range h.runners {
		r := &h.runners[i]
		v.started[i], v.returned[i] = r.state()
		v.signals[i] = string(r.signals)
		v.accepted[i] = r.accepted.Load()
	}
	if h.script.isDynamic() {
		v.closed = isClosed(h.client.CloseNotifier())
		v.got = h.get()
		for i := range maxListeners {
			v.entrances[i] = h.listeners[0][i].soFar()
			v.exits[i] = h.listeners[1][i].soFar()
		}
	}
	v.observed = unobserved
	var latest *recorder
	if h.library.Observe != nil {
		latest = h.latestRecorder()
		v.observed = h.trail(latest).records
	}
	h.inspect(&v, latest)
	return v
}

// latestRecorder returns the observer of the one run that was not refused.
func (h *harness) latestRecorder() *recorder {
	switch len(h.recorders) {
	case 0:
		return new(recorder)
	case 1:
		return h.recorders[0]
	}
	h.fault("D10: %d runs were not refused", len(h.recorders))
	return h.recorders[0]
}

// describe describes what Run has returned.
func (h *harness) describe(err error) string {
	if err == nil {
		return "nil"
	}
	trace, ok := h.library.Trace(err)
	if !ok {
		return err.Error()
	}
	var text string
	for _, e := range trace {
		text += h.memberNumber(e.Member) + string(toResult(e.Err))
	}
	return text
}

// get looks up all members by their names.
func (h *harness) get() (got [maxMembers]bool) {
	answered := make(chan struct{})
	go func() {
		for i := range h.runners {
			if name := h.runners[i].name; name != "" {
				_, got[i] = h.client.Get(name)
			}
		}
		close(answered)
	}()
	synctest.Wait()
	if !isClosed(answered) {
		h.fault("D4: Get waits")
	}
	return got
}

// inspect adds what Inspect returns (I1, I2, I3).
func (h *harness) inspect(v *view, r *recorder) {
	if h.library.Inspect == nil {
		return
	}
	status, ok := h.library.Inspect(h.group)
	if !ok {
		h.fault("I1: Inspect does not know the group")
		return
	}
	v.state = stateLetters[status.State]
	for i, member := range status.Members {
		if h.script.isDynamic() {
			i = h.find(member.Name)
		}
		v.states[i], v.inside[i] = stateLetters[member.State], toInside(member.Wrapped)
	}
	var numbers []string
	for _, name := range status.WaitingFor() {
		numbers = append(numbers, fmt.Sprint(h.find(name)))
	}
	slices.Sort(numbers)
	v.waitingFor = strings.Join(numbers, "")
	v.allReady = status.Ready()
	if r != nil {
		h.checkTimes(r, status)
	}
}

// find returns the number of the running member with a name.
func (h *harness) find(name string) int {
	for i := range h.runners {
		r := &h.runners[i]
		if h.script.isDynamic() {
			if r.name == name && r.accepted.Load() && r.isRunning() {
				return i
			}
		} else if name == string(rune('a'+i)) {
			return i
		}
	}
	h.fault("Inspect has %q, which does not run", name)
	return 0
}
