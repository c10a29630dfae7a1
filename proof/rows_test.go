package proof

import (
	"slices"
	"strings"
)

// A row is one of the table in docs/differences.md, where the original does
// otherwise than a rule says. It explains the differences of its kind.
type row struct {
	rule     string
	explains func(d deviation) bool
}

// A deviation is a difference of the original, in detail.
type deviation struct {
	*difference
	expected view
	last     event // where it shows
	static   static
	dynamic  dynamic // before that event
}

var rows = []row{
	{"G6: after a second signal a parallel group exits with a member still running, or ignores signals", func(d deviation) bool {
		return d.script.kind == 'p' && d.signaledTwice() && (d.seen.exited && d.seen.result != d.expected.result || d.missesSignals())
	}},
	{"D1: a group of capacity 1 exits when its first member does", func(d deviation) bool {
		return d.script.capacity == 1 && d.last.op == exit && d.seen.exited && !(d.expected.exited && d.seen.closed)
	}},
	{"D7: an insert is accepted after the signal", func(d deviation) bool {
		return d.dynamic.signal != 0 && d.acceptsMore()
	}},
	{"D6: an insert is accepted after Close", func(d deviation) bool {
		return d.dynamic.closed && d.dynamic.signal == 0 && d.acceptsMore()
	}},
	{"G10, L2: a listener that is not read blocks the group", func(d deviation) bool {
		return d.happened(func(e event) bool { return e.op == listen }) && d.someDelivered()
	}},
	{"D3: inserting a name twice panics", func(d deviation) bool {
		return d.fault("panic: member inserted twice")
	}},
	{"D10: a second Run panics", func(d deviation) bool {
		return d.last.op == run && d.script.isDynamic() && d.fault("panic: close of closed channel")
	}},
	{"S3: an empty parallel group never becomes ready", func(d deviation) bool {
		return d.script.kind == 'p' && d.script.size == 0 && d.expected.ready && !d.seen.ready
	}},
	{"G5: a nil signal is delivered to every member", func(d deviation) bool {
		return d.script.kind != 'd' && d.script.termination == 0 && d.last.op == exit && d.static.signal == 0 && d.deliversNil()
	}},
	{"G3: a nil signal is not ignored", func(d deviation) bool {
		return d.last == event{op: signal, arg: noSignal}
	}},
	{"G8: after runtime.Goexit the group hangs", func(d deviation) bool {
		return d.happened(func(e event) bool { return e.op == exit && e.arg == goexit })
	}},
	{"S2: an ordered group that is run again goes on from its old state", func(d deviation) bool {
		return d.last.op == run && (d.script.kind == 'o' || d.script.kind == 'q')
	}},
	{"L3: a group that was closed before it ran does not close its entrance listeners", func(d deviation) bool {
		return d.dynamic.runs == 0 && !d.dynamic.ran && d.expected.closed && d.seen.entrances != d.expected.entrances
	}},
	{"D4: Get waits", func(d deviation) bool {
		return d.fault("D4: Get waits") && !d.dynamic.ran
	}},
	{"S1: an ordered group lists exits in the order of their stopping", func(d deviation) bool {
		return d.script.kind != 'p' && d.seen.exited && sameExits(d.seen.result, d.expected.result)
	}},
}

func (d deviation) fault(start string) bool {
	return slices.ContainsFunc(d.faults, func(fault string) bool { return strings.HasPrefix(fault, start) })
}

func (d deviation) acceptsMore() bool {
	for i, accepted := range d.seen.accepted {
		if accepted && !d.expected.accepted[i] {
			return true
		}
	}
	return false
}

func (d deviation) signaledTwice() bool {
	return slices.ContainsFunc(d.expected.signals[:], func(signals string) bool { return len(signals) >= 2 })
}

func (d deviation) missesSignals() bool {
	for i, signals := range d.expected.signals {
		if len(d.seen.signals[i]) < len(signals) {
			return true
		}
	}
	return false
}

func (d deviation) deliversNil() bool {
	return slices.ContainsFunc(d.seen.signals[:], func(signals string) bool { return strings.HasSuffix(signals, string(noSignal)) })
}

func (d deviation) happened(is func(event) bool) bool {
	return slices.ContainsFunc(d.script.bursts, func(b burst) bool { return is(b[0][0]) })
}

func (d deviation) someDelivered() bool {
	nothing := [maxListeners]string{}
	return d.expected.entrances != nothing || d.expected.exits != nothing
}

func sameExits(a, b string) bool {
	split := func(trace string) []string {
		var exits []string
		for exit := range slices.Chunk([]byte(trace), 2) {
			exits = append(exits, string(exit))
		}
		slices.Sort(exits)
		return exits
	}
	return a != b && slices.Equal(split(a), split(b))
}
