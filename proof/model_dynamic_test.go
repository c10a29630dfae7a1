package proof

// ears is how many listeners of each kind a script can have.
const ears = 3

// dynamic is the model of a dynamic group.
type dynamic struct {
	termination      byte // 0 for nil
	capacity, buffer int
	members          [most]member // in the order of the calls that insert them
	runs             int          // calls of Run that the group has not answered
	refusals         int          // those that it has refused
	begun, closed    bool
	hungUp           bool   // G3: the signals channel was closed
	insertsClosed    bool   // the Inserter channel was closed
	queue            string // signals that the group has taken and not handled
	signal           byte   // the latest propagated, 0 until shutting down
	entrances, exits events
}

// events are those of one kind: all of them, and what each listener was told.
// An event has two letters, the member's number and its result, or '+'.
type events struct {
	all       string
	listening [ears]bool
	told      [ears]string
}

func (e events) tell(i int, result byte) events {
	told := string(rune('0'+i)) + string(result)
	e.all += told
	for ear, listening := range e.listening {
		if listening { // L2
			e.told[ear] += told
		}
	}
	return e
}

// listen is a new listener: the latest events, then the live ones (L1, L4).
func (e events) listen(ear, buffer int) events {
	e.listening[ear] = true
	e.told[ear] = e.all[max(0, len(e.all)-2*buffer):]
	return e
}

// heard is what each listener got, and whether its channel was closed.
func (e events) heard(closed bool) [ears]string {
	for ear, listening := range e.listening {
		if listening && closed {
			e.told[ear] += "."
		}
	}
	return e.told
}

func (d dynamic) apply(e event) model {
	switch e.op {
	case becomeReady:
		d.members[e.at].ready = true
	case exit:
		d.members[e.at].leaving = e.arg
	case signal:
		d.queue += string(e.arg)
	case hangUp:
		d.hungUp = true
	case run:
		d.runs++
	case insert:
		d.members[e.at] = member{phase: waiting, name: e.arg}
	case insertNil:
		d.members[e.at] = member{phase: waiting, name: byte('0' + e.at), nobody: true}
	case withdraw:
		d.members[e.at].phase = withdrawn
	case closeGroup:
		d.closed = true // D6
	case closeInserter:
		d.insertsClosed = true
	case listen:
		d.entrances, d.exits = d.entrances.listen(e.at, d.buffer), d.exits.listen(e.at, d.buffer)
	case listenEntrances:
		d.entrances = d.entrances.listen(e.at, d.buffer)
	case listenExits:
		d.exits = d.exits.listen(e.at, d.buffer)
	case poke: // M2
		if i := d.find(e.arg); i >= 0 {
			d.members[i].signals += string(poked)
		}
	}
	return d
}

func (d dynamic) steps() []model {
	var next []model
	if d.runs > 0 {
		next = append(next, d.begin())
	}
	if !d.begun || d.done() {
		return next
	}
	if d.queue != "" {
		next = append(next, d.take())
	}
	for i, m := range d.members {
		if m.phase == running && m.ready && !m.entered {
			next = append(next, d.enter(i)) // D5
		}
		if m.phase == running && m.leaving != 0 {
			next = append(next, d.exit(i))
		}
		if m.phase == refusing {
			next = append(next, d.refuse(i))
		}
		if m.phase == waiting && d.open() && !d.insertsClosed {
			next = append(next, d.accept(i))
		}
	}
	if d.insertsClosed && d.open() {
		next = append(next, d.noticeClosedInserter())
	}
	return next
}

// begin: D1, D10.
func (d dynamic) begin() dynamic {
	d.runs--
	if d.begun {
		d.refusals++
	}
	d.begun = true
	return d
}

// open tells whether an insert is accepted: D2, and not while a signal (D7) or
// an insert (D3) is being handled.
func (d dynamic) open() bool {
	room := d.capacity <= 0 || d.running() < d.capacity
	idle := d.queue == "" && d.count(refusing) == 0
	return d.begun && !d.closed && room && idle
}

func (d dynamic) accept(i int) dynamic {
	if d.find(d.members[i].name) >= 0 {
		d.members[i].phase = refusing
	} else {
		d.members[i] = d.members[i].start()
	}
	return d
}

// refuse: D3.
func (d dynamic) refuse(i int) dynamic {
	d.members[i].phase = refused
	d.exits = d.exits.tell(i, duplicate)
	return d.failed()
}

// noticeClosedInserter: D6.
func (d dynamic) noticeClosedInserter() dynamic {
	d.closed = true
	return d
}

func (d dynamic) enter(i int) dynamic {
	if !d.members[i].entered {
		d.members[i].entered = true
		d.entrances = d.entrances.tell(i, '+')
	}
	return d
}

// exit: D5.
func (d dynamic) exit(i int) dynamic {
	d = d.enter(i)
	d.members[i].phase = exited
	d.exits = d.exits.tell(i, d.members[i].leaving)
	return d.failed()
}

// failed: G4, D8.
func (d dynamic) failed() dynamic {
	if d.signal == 0 && d.termination != 0 {
		return d.propagate(d.termination)
	}
	return d
}

func (d dynamic) take() dynamic {
	signal := d.queue[0]
	d.queue = d.queue[1:]
	if signal == noSignal { // G3
		return d
	}
	return d.propagate(signal)
}

// propagate: D7.
func (d dynamic) propagate(signal byte) dynamic {
	d.signal, d.closed = signal, true
	for i, m := range d.members {
		if m.phase == running {
			d.members[i].signals += string(signal)
			d.members[i].stopped = true
		}
	}
	return d
}

// done: D1.
func (d dynamic) done() bool { return d.begun && d.closed && d.running() == 0 }

func (d dynamic) view() view {
	v := view{ready: d.begun, exited: d.done(), closed: d.closed, refusals: d.refusals}
	if v.exited {
		v.result = "nil" // D9
	}
	entered := true
	for i, m := range d.members {
		v.accepted[i] = m.phase != absent && m.phase != waiting && m.phase != withdrawn
		v.started[i] = (m.phase == running || m.phase == exited) && !m.nobody
		v.got[i] = m.phase != absent && d.find(m.name) >= 0
		v.left[i] = m.left()
		if m.phase == running {
			v.states[i] = m.state()
		}
		v.signals[i] = m.seen()
		entered = entered && (m.phase != running || m.entered)
	}
	v.state = d.state()
	v.waitingFor = v.waiting()
	v.entrances = d.entrances.heard(d.closed && entered) // L3
	v.exits = d.exits.heard(v.exited)                    // L3
	return v
}

// state is what Inspect tells of the group (I1).
func (d dynamic) state() byte {
	switch {
	case !d.begun:
		return 'p'
	case d.done():
		return 'e'
	case d.signal != 0:
		return 't'
	}
	return 'r'
}

func (d dynamic) events(scope scope) []event {
	possible := scope.ofMembers(d.members)
	if d.begun && !d.hungUp && !d.done() {
		possible = append(possible, scope.toGroup()...)
		possible = append(possible, scope.pick(event{op: hangUp})...)
	}
	if d.inserted() < scope.members && !d.insertsClosed {
		possible = append(possible, scope.inserts(d.members)...)
	}
	if d.waiting() == 0 && !d.insertsClosed {
		possible = append(possible, scope.pick(event{op: closeInserter})...)
	}
	if ear := d.listening(); ear < scope.ears {
		possible = append(possible, scope.pick(event{op: listen, at: ear},
			event{op: listenEntrances, at: ear}, event{op: listenExits, at: ear})...)
	}
	if d.refusals == 0 {
		possible = append(possible, scope.pick(event{op: run})...)
	}
	return append(possible, scope.pick(event{op: closeGroup})...)
}

// find gives the running member of a name, or -1 (D3, D4).
func (d dynamic) find(name byte) int {
	for i, m := range d.members {
		if m.phase == running && m.name == name {
			return i
		}
	}
	return -1
}

// listening is how many listeners there are.
func (d dynamic) listening() (n int) {
	for ear := range ears {
		if d.entrances.listening[ear] || d.exits.listening[ear] {
			n++
		}
	}
	return n
}

func (d dynamic) running() int { return d.count(running) }
func (d dynamic) waiting() int { return d.count(waiting) }

// inserted is how many inserts there were, accepted or not.
func (d dynamic) inserted() int { return most - d.count(absent) }

func (d dynamic) count(p phase) int { return count(d.members[:], p) }
