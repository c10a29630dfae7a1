package proof

import (
	"strings"
	"testing"
)

// interesting are the shortest scripts of what once went wrong, or may. They run
// each time, and the fuzz targets start from them.
var interesting = []struct{ rule, script string }{
	{"G2: ready and gone at once", "o termination=- size=2 nil=-1 capacity=0 buffer=0 wraps=-: r0 x0n; r1 x1b"},
	{"G3: a nil signal", "p termination=t size=2 nil=-1 capacity=0 buffer=0 wraps=-: s-; r0; s-; r1; si; s-"},
	{"G3: a closed signals channel", "o termination=t size=2 nil=-1 capacity=0 buffer=0 wraps=-: h; r0; r1; x0n"},
	{"G5: a member exits before the next start", "o termination=- size=3 nil=-1 capacity=0 buffer=0 wraps=-: r0; x0n; r1; r2; si"},
	{"G5: a member exits before it is ready", "q termination=- size=3 nil=-1 capacity=0 buffer=0 wraps=-: r0; x1b; si"},
	{"G6: a second signal", "p termination=- size=2 nil=-1 capacity=0 buffer=0 wraps=-: si; st; x0n; x1b"},
	{"G7: ready behind a signal", "o termination=t size=2 nil=-1 capacity=0 buffer=2 wraps=-: si r0 | r1"},
	{"S2: run again", "o termination=t size=2 nil=-1 capacity=0 buffer=0 wraps=-: r0; si; x1b; u; r0; r1; st"},
	{"S3: no members", "p termination=t size=0 nil=-1 capacity=0 buffer=0 wraps=-: s-; si"},
	{"O1: a signal before the next start", "o termination=t size=2 nil=-1 capacity=0 buffer=2 wraps=-: si r0"},
	{"O2: exits out of turn", "o termination=t size=3 nil=-1 capacity=0 buffer=0 wraps=-: r0; r1; r2; si; x1b; x0n; x2n"},
	{"O2, V3: ready between the group's signal and the member's", "q termination=t size=2 nil=-1 capacity=0 buffer=2 wraps=-: r0; r1 | x0b"},
	{"O3: repeats and others", "q termination=t size=2 nil=-1 capacity=0 buffer=0 wraps=-: r0; r1; si; si; st; st; si; x0n"},
	{"D1: capacity 1", "d termination=- size=0 nil=-1 capacity=1 buffer=0 wraps=-: u; ia; x0n; ib; x1b; c"},
	{"D2: no room", "d termination=- size=0 nil=-1 capacity=1 buffer=2 wraps=-: l; u; ia; ib; ic; x0n; x1n"},
	{"D3: a name in use, then free", "d termination=- size=0 nil=-1 capacity=0 buffer=1 wraps=-: l; u; ia; ia; x0n; ia; l"},
	{"D3, G4: a name in use shuts the group down", "d termination=t size=0 nil=-1 capacity=0 buffer=1 wraps=-: u; ia; ia; ib"},
	{"D4: Get just behind the insert", "d termination=- size=0 nil=-1 capacity=0 buffer=0 wraps=-: u; ia ga | pa | x0n ga"},
	{"D6: Close against inserts", "d termination=- size=0 nil=-1 capacity=0 buffer=0 wraps=-: u; ia | c ib | ic"},
	{"D6: closed before it ran", "d termination=- size=0 nil=-1 capacity=0 buffer=1 wraps=-: l; c; l; u"},
	{"D6: the Inserter channel is closed while there is no room", "d termination=- size=0 nil=-1 capacity=1 buffer=1 wraps=-: u; ia; C; l; x0n"},
	{"D7: a signal against inserts", "d termination=- size=0 nil=-1 capacity=0 buffer=0 wraps=-: u; ia si | ib | ic"},
	{"D10: many runs", "d termination=- size=0 nil=-1 capacity=0 buffer=0 wraps=-: u | u u; ia; u; c"},
	{"L1: listeners come at any time", "d termination=- size=0 nil=-1 capacity=0 buffer=1 wraps=-: u; ia e | ib f | r0 e"},
	{"L3: closed with a member on its way", "d termination=- size=0 nil=-1 capacity=0 buffer=1 wraps=-: u; l; ia; ib; c; r0; x1n; l; x0b"},
	{"V1: an exit that the group does not know of when it is signaled", "o termination=- size=1 nil=-1 capacity=0 buffer=0 wraps=-: r0; si x0n"},
	{"V2, I7: down between two runs", "o termination=- size=2 nil=-1 capacity=0 buffer=0 wraps=r: r0; r1; x0b; r0; x0b"},
	{"V2: stopped within a wrapper", "p termination=t size=2 nil=-1 capacity=0 buffer=0 wraps=r: x0b; si; r0; x1b; x0b; x1n"},
	{"W1: no Runner in a wrapper", "q termination=- size=2 nil=1 capacity=0 buffer=0 wraps=w: r0"},
	{"W5: a ready channel closed just before the return inside a wrapper", "d termination=- size=0 nil=-1 capacity=0 buffer=0 wraps=w: u; ia | r0 x0n"},
	{"W5: a ready channel closed between the return inside a wrapper and the exit", "p termination=- size=1 nil=-1 capacity=0 buffer=0 wraps=w: x0n | r0 si"},
	{"G4: clients between an exit's event and the signal that follows from it", "d termination=t size=0 nil=-1 capacity=2 buffer=0 wraps=-: u; f pb | ib n"},
	{"M2: signals to one member from all sides", "d termination=- size=0 nil=-1 capacity=0 buffer=0 wraps=-: u; ia; pa pa | si | st"},
}

func TestInteresting(t *testing.T) {
	for _, example := range interesting {
		t.Run(example.rule, func(t *testing.T) { checkScript(t, example.script) })
	}
}

// FuzzScript performs arbitrary bytes as a script.
func FuzzScript(f *testing.F) {
	for _, example := range interesting {
		s, err := parse(example.script)
		if err != nil {
			f.Fatal(err)
		}
		if again := decode(encode(s)); again.String() != s.String() {
			f.Fatalf("%v was decoded as %v", s, again)
		}
		f.Add(encode(s))
	}
	f.Fuzz(func(t *testing.T, code []byte) {
		s := decode(code)
		if s.sequential() {
			if d := inBubbles(t, s); d != nil {
				t.Fatalf("%v\nshortest: -run Replay -script '%v'", d, shorten(s, differs(t)))
			}
		}
		if _, faults := bothSchedules(t, s); faults != nil {
			t.Fatalf("%v: %q\nshortest: -run Replay -script '%v'", s, faults, shorten(s, failsSometimes(t)))
		}
	})
}

const (
	kinds   = "poqd"
	ops     = "rxsuinlefpgcCh"
	results = "nbg"
	signals = "it-"
	names   = "abc"
	wraps   = "\x00iwr"
	between = ";| " // the next burst, another goroutine, the same goroutine
)

// decode makes a script of any bytes: seven for the group, then three per event.
// Events that are not possible will be skipped.
func decode(code []byte) script {
	number := func(n int) int {
		if len(code) == 0 {
			return 0
		}
		first := code[0]
		code = code[1:]
		return int(first) % n
	}
	s := script{kind: kinds[number(4)], termination: "\x00t"[number(2)]}
	s.size, s.noRunner, s.capacity, s.buffer = number(maxMembers+1), number(maxMembers+1)-1, number(4), number(3)
	s.wraps = wraps[number(len(wraps))]
	s.noRunner = min(s.noRunner, s.size-1)
	for len(code) > 0 && len(s.bursts) < 40 {
		e := event{op: op(ops[number(len(ops))])}
		argument := number(maxMembers * len(results))
		switch e.op {
		case becomeReady:
			e.at = argument % maxMembers
		case exit:
			e.at, e.arg = argument%maxMembers, results[argument/maxMembers]
		case signal:
			e.arg = signals[argument%len(signals)]
		case insert, clientSignal, get:
			e.arg = names[argument%len(names)]
		}
		s = s.then(between[number(len(between))], e)
	}
	return s
}

// then returns the script with one more event: in the next burst, or in the
// last one, in another goroutine or in the last one. Bursts are short, since the
// time to find an order of their events grows exponentially.
func (s script) then(how byte, e event) script {
	const short = 3
	last := len(s.bursts) - 1
	if how == ';' || last < 0 {
		s.bursts = append(s.bursts, single(e))
		return s
	}
	burst := &s.bursts[last]
	goroutine := &(*burst)[len(*burst)-1]
	switch {
	case how == ' ' && len(*goroutine) < short:
		*goroutine = append(*goroutine, e)
	case len(*burst) < short:
		*burst = append(*burst, []event{e})
	default:
		s.bursts = append(s.bursts, single(e))
	}
	return s
}

// encode returns the bytes of a script.
func encode(s script) []byte {
	index := func(letters string, letter byte) byte { return byte(max(0, strings.IndexByte(letters, letter))) }
	code := []byte{index(kinds, s.kind), index("\x00t", s.termination), byte(s.size), byte(s.noRunner + 1), byte(s.capacity), byte(s.buffer), index(wraps, s.wraps)}
	for _, burst := range s.bursts {
		how := ";"
		for _, events := range burst {
			for _, e := range events {
				argument := byte(e.at) + maxMembers*index(results, e.arg)
				switch e.op {
				case signal:
					argument = index(signals, e.arg)
				case insert, clientSignal, get:
					argument = index(names, e.arg)
				}
				code = append(code, index(ops, byte(e.op)), argument, index(between, how[0]))
				how = " "
			}
			how = "|"
		}
	}
	return code
}
