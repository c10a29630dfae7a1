package proof

// dynamic is the model of a dynamic group.
type dynamic struct {
	termination      byte // 0 for nil
	capacity, buffer int
	members              // in the order of the calls that insert them
	runs             int // calls of Run, not handled yet
	refusals         int // of calls of Run
	ran, closed      bool
	signalsClosed    bool   // G3: the signals channel was closed
	insertsClosed    bool   // the Inserter channel was closed
	queue            string // signals that the group was sent, and has not handled
	failing          bool   // G4: an exit was reported, and a shutdown follows from it
	signal           byte   // the latest propagated, 0 until shutting down
	entrances, exits eventLog
}

func (d dynamic) apply(e event) model {
	switch e.op {
	case becomeReady:
		d.members = d.becomeReady(e.at)
	case exit:
		d.members = d.returns(e.at, e.arg)
	case signal:
		d.queue += string(e.arg)
	case closeSignals:
		d.signalsClosed = true
	case run:
		d.runs++
	case insert:
		d.all[e.at] = member{phase: waiting, name: e.arg}
	case insertNil:
		d.all[e.at] = member{phase: waiting, name: byte('0' + e.at), noRunner: true}
	case withdraw:
		d.all[e.at].phase = withdrawn
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
	case clientSignal: // M2
		if i := d.find(e.arg); i >= 0 {
			d.all[i].signals += string(fromClient)
		}
	}
	return d
}

func (d dynamic) steps() []model {
	var next []model
	if d.runs > 0 {
		next = append(next, d.begin())
	}
	if d.done() && !d.ended {
		d.members = d.end(false) // D9
		return append(next, d)
	}
	if !d.ran || d.done() {
		return next
	}
	if d.failing { // the loop does nothing else before, but clients may
		return append(next, d.shutDown())
	}
	if d.queue != "" {
		next = append(next, d.takeSignal())
	}
	for _, members := range d.insideSteps() {
		after := d
		after.members = members
		next = append(next, after)
	}
	for i, m := range d.all {
		if m.phase == running && m.ready && !m.entered {
			next = append(next, d.enter(i)) // D5
		}
		if d.mayExit(i) {
			next = append(next, d.takeExit(i))
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
	if d.ran {
		d.refusals++
		return d
	}
	d.ran = true
	d.members = d.recordGroup('s', noDetail).recordGroup('r', noDetail)
	return d
}

// open reports whether inserts are accepted: D2, and not while a signal (D7) or
// an insert (D3) is being handled.
func (d dynamic) open() bool {
	room := d.capacity <= 0 || d.running() < d.capacity
	idle := d.queue == "" && d.count(refusing) == 0
	return d.ran && !d.closed && room && idle
}

func (d dynamic) accept(i int) dynamic {
	if d.find(d.all[i].name) >= 0 {
		d.all[i].phase = refusing
	} else {
		d.members = d.start(i)
	}
	return d
}

// refuse: D3.
func (d dynamic) refuse(i int) dynamic {
	d.all[i].phase = refused
	d.members = d.record(i, 'e', duplicate)
	d.exits = d.exits.deliver(i, duplicate)
	return d.failed()
}

// noticeClosedInserter: D6.
func (d dynamic) noticeClosedInserter() dynamic {
	d.closed = true
	return d
}

func (d dynamic) enter(i int) dynamic {
	if !d.all[i].entered {
		d.all[i].entered = true
		d.entrances = d.entrances.deliver(i, '+')
	}
	return d
}

// takeExit: D5.
func (d dynamic) takeExit(i int) dynamic {
	d = d.enter(i)
	d.members = d.exit(i)
	d.exits = d.exits.deliver(i, d.all[i].result)
	return d.failed()
}

// failed: G4, D8.
func (d dynamic) failed() dynamic {
	d.failing = d.signal == 0 && d.termination != 0
	return d
}

// shutDown: G4, D8.
func (d dynamic) shutDown() dynamic {
	d.failing = false
	return d.propagate(d.termination)
}

func (d dynamic) takeSignal() dynamic {
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
	d.members = d.recordGroup('t', signal)
	for i := range d.all {
		d.members = d.members.signal(i, signal)
	}
	return d
}

// done: D1.
func (d dynamic) done() bool { return d.ran && d.closed && d.running() == 0 && !d.failing }

func (d dynamic) rest() model {
	d.trail = d.trail.rest()
	return d
}

func (d dynamic) events(scope scope) []event {
	possible := scope.ofMembers(d.all)
	if d.ran && !d.signalsClosed && !d.done() {
		possible = append(possible, scope.toGroup()...)
		possible = append(possible, scope.pick(event{op: closeSignals})...)
	}
	if d.inserted() < scope.members && !d.insertsClosed {
		possible = append(possible, scope.inserts(d.all)...)
	}
	if d.waiting() == 0 && !d.insertsClosed {
		possible = append(possible, scope.pick(event{op: closeInserter})...)
	}
	if next := d.listening(); next < scope.listeners {
		possible = append(possible, scope.pick(event{op: listen, at: next},
			event{op: listenEntrances, at: next}, event{op: listenExits, at: next})...)
	}
	if d.refusals == 0 {
		possible = append(possible, scope.pick(event{op: run})...)
	}
	return append(possible, scope.pick(event{op: closeGroup})...)
}
