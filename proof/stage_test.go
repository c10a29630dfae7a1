package proof

import (
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing/synctest"

	"github.com/seed-3b777528/grouper"
	"github.com/seed-3b777528/grouper/proof/libraries"
	"github.com/tedsuo/ifrit"
)

// A stage performs a script on a library, and tells what everybody sees. It
// works in a bubble. Its methods may be called at once, except view and reset,
// which are for when nothing happens.
type stage struct {
	script  script
	library libraries.Library
	group   ifrit.Runner
	client  libraries.Client // of a dynamic group

	act       // of a static group: its latest run
	inserted  atomic.Int32
	listening atomic.Int32
	refusals  atomic.Int32
	faults    sync.Map // what no model is needed to call wrong

	ears   [2][ears]*ear // of entrances, of exits
	unread []*ear        // their counterparts, which are read at the end

	mu            sync.Mutex // guards what follows
	begun         bool
	hungUp        bool
	insertsClosed bool
}

// An act is one run of the group, with the members that it has.
type act struct {
	signals chan os.Signal
	ready   chan struct{}
	over    chan struct{}
	err     error
	parts   [most]part
}

// A part is a member's runner. It does what the script says.
type part struct {
	name                             string
	accepted, started, isReady, left atomic.Bool
	ready                            chan<- struct{}
	exit                             chan byte
	signals                          []byte
}

func (p *part) Run(signals <-chan os.Signal, ready chan<- struct{}) error {
	p.ready = ready
	p.started.Store(true)
	for {
		select {
		case signal := <-signals:
			p.signals = append(p.signals, letters[signal])
		case result := <-p.exit:
			if result == goexit {
				runtime.Goexit()
			}
			return toError(result)
		}
	}
}

// An ear is a listener, and what it has heard: each event in two letters as in
// the model, and a point when its channel is closed.
type ear struct {
	next  func() (string, bool)
	heard strings.Builder
}

func (e *ear) listen() {
	for told, open := e.next(); open; told, open = e.next() {
		e.heard.WriteString(told)
	}
	e.heard.WriteString(".")
}

func (e *ear) soFar() string {
	if e == nil {
		return ""
	}
	return e.heard.String()
}

func newStage(script script, library libraries.Library) *stage {
	s := &stage{script: script, library: library}
	if script.kind == 'd' {
		s.group, s.client = library.Dynamic(toSignal(script.termination), script.capacity, script.buffer)
	} else {
		var members grouper.Members
		for i := range script.size {
			members = append(members, s.member(i, byte('a'+i), i == script.nobody))
		}
		s.group = newStatic(library, script.kind)(toSignal(script.termination), members)
	}
	s.reset()
	if script.kind != 'd' {
		s.run()
	}
	return s
}

func newStatic(library libraries.Library, kind byte) func(os.Signal, grouper.Members) ifrit.Runner {
	switch kind {
	case 'p':
		return library.Parallel
	case 'o':
		return library.Ordered
	default:
		return library.QueueOrdered
	}
}

// member gives the member of a number, as a runner that finds its part.
func (s *stage) member(i int, name byte, nobody bool) grouper.Member {
	m := grouper.Member{Name: string(name)}
	if !nobody {
		m.Runner = numbered{i, s}
	}
	return m
}

type numbered struct {
	i     int
	stage *stage
}

func (n numbered) Run(signals <-chan os.Signal, ready chan<- struct{}) error {
	return n.stage.parts[n.i].Run(signals, ready)
}

func number(m grouper.Member) string {
	if n, ok := m.Runner.(numbered); ok {
		return fmt.Sprint(n.i)
	}
	if name := m.Name[0]; name >= 'a' {
		return fmt.Sprint(name - 'a') // of a static group
	}
	return m.Name
}

// reset is for a new run of a group.
func (s *stage) reset() {
	s.act = act{signals: make(chan os.Signal, s.signalBuffer()), ready: make(chan struct{}), over: make(chan struct{})}
	for i := range s.parts {
		s.parts[i].exit = make(chan byte, 1)
	}
	s.hungUp = false
}

func (s *stage) signalBuffer() int {
	if s.script.kind == 'd' {
		return 0
	}
	return s.script.buffer
}

// run runs the group. A dynamic one may refuse (D10): which of several runs at
// once it does not refuse is up to it.
func (s *stage) run() {
	s.mu.Lock()
	s.begun = true
	s.mu.Unlock()
	act := &s.act
	go func() {
		defer s.note()
		err := s.group.Run(act.signals, act.ready)
		if err != nil && s.script.kind == 'd' {
			s.refusals.Add(1)
			return
		}
		act.err = err
		close(act.over)
	}()
}

// note is to be deferred, and takes down a panic as a fault.
func (s *stage) note() {
	if value := recover(); value != nil {
		s.fault("panic: %v", value)
	}
}

func (s *stage) fault(format string, args ...any) {
	s.faults.Store(fmt.Sprintf(format, args...), true)
}

// number gives what is to be added the next number, if there is one.
func (s *stage) number(e event) (event, bool) {
	switch e.op {
	case insert, insertNil:
		e.at = int(s.inserted.Add(1) - 1)
		return e, e.at < most
	case listen, listenEntrances, listenExits:
		e.at = int(s.listening.Add(1) - 1)
		return e, e.at < ears
	}
	return e, true
}

// suits tells whether an event is one of the group's kind, and need not be
// alone, or is.
func (s *stage) suits(e event, alone bool) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	isDynamic := s.script.kind == 'd'
	switch e.op {
	case becomeReady, exit, signal:
		return true
	case run:
		return isDynamic || alone && isClosed(s.over)
	case hangUp:
		return alone && s.begun && !s.hungUp && !isClosed(s.over) && (isDynamic || s.script.size > 0)
	case listen:
		return isDynamic && alone
	case insert, insertNil, closeInserter:
		return isDynamic && !s.insertsClosed && (alone || e.op != closeInserter)
	}
	return isDynamic
}

// do makes an event happen, if it is possible, and tells whether it was. An
// insert that has to wait gives up when it is told to.
func (s *stage) do(e event, giveUp <-chan struct{}) bool {
	switch e.op {
	case becomeReady:
		p := &s.parts[e.at]
		if !p.started.Load() || !p.isReady.CompareAndSwap(false, true) {
			return false
		}
		close(p.ready)
	case exit:
		p := &s.parts[e.at]
		if !p.started.Load() || !p.left.CompareAndSwap(false, true) {
			return false
		}
		p.exit <- e.arg
	case signal:
		return s.signal(toSignal(e.arg))
	case hangUp:
		close(s.signals)
		s.mu.Lock()
		defer s.mu.Unlock()
		s.hungUp = true
	case run:
		if s.script.kind != 'd' {
			s.reset()
		}
		s.run()
	case insert, insertNil:
		return s.insert(e, giveUp)
	case closeGroup:
		s.client.Close()
		if !isClosed(s.client.CloseNotifier()) {
			s.fault("D6: Close has returned, and CloseNotifier is not closed")
		}
	case closeInserter:
		s.client.CloseInserter()
		s.mu.Lock()
		defer s.mu.Unlock()
		s.insertsClosed = true
	case listen:
		s.listen(0, e.at, true)
		s.listen(1, e.at, true)
	case listenEntrances:
		s.listen(0, e.at, false)
	case listenExits:
		s.listen(1, e.at, false)
	case poke:
		process, found := s.client.Get(string(e.arg))
		if found {
			process.Signal(toSignal(poked))
		}
		return found
	case get:
		_, found := s.client.Get(string(e.arg))
		return found
	}
	return true
}

func (s *stage) signal(signal os.Signal) bool {
	s.mu.Lock()
	impossible := s.hungUp || !s.begun
	s.mu.Unlock()
	if impossible || isClosed(s.over) {
		return false
	}
	select {
	case s.signals <- signal:
		return true
	case <-s.over:
		return false
	}
}

func (s *stage) insert(e event, giveUp <-chan struct{}) bool {
	member := s.member(e.at, e.arg, e.op == insertNil)
	if e.op == insertNil {
		member.Name = fmt.Sprint(e.at)
	}
	p := &s.parts[e.at]
	p.name = member.Name
	ok := s.client.Insert(member, giveUp)
	p.accepted.Store(ok)
	return ok
}

// listen attaches a listener that is read at once. At rest it can have another
// one, which is not read before the end, and must hear the same.
func (s *stage) listen(kind, at int, twice bool) {
	e := &ear{next: s.follow(kind)}
	s.ears[kind][at] = e
	if twice {
		s.unread = append(s.unread, &ear{next: s.follow(kind)}, e)
	}
	go e.listen()
}

func (s *stage) follow(kind int) func() (string, bool) {
	if kind == 0 {
		listener := s.client.Entrances()
		s.checkCapacity(listener.Cap)
		return func() (string, bool) {
			e, open := listener.Next()
			if !open {
				return "", false
			}
			return number(e.Member) + "+", true
		}
	}
	listener := s.client.Exits()
	s.checkCapacity(listener.Cap)
	return func() (string, bool) {
		e, open := listener.Next()
		if !open {
			return "", false
		}
		return number(e.Member) + string(toResult(e.Err)), true
	}
}

func (s *stage) checkCapacity(capacity int) {
	if capacity != s.script.buffer {
		s.fault("L1: a listener's channel has a capacity of %d", capacity)
	}
}

// view is what everybody sees, at rest.
func (s *stage) view() view {
	v := view{ready: isClosed(s.ready), exited: isClosed(s.over), refusals: int(s.refusals.Load())}
	if v.exited {
		v.result = s.result()
	}
	for i := range s.parts {
		p := &s.parts[i]
		v.started[i] = p.started.Load()
		v.left[i] = p.left.Load()
		v.signals[i] = string(p.signals)
		v.accepted[i] = p.accepted.Load()
	}
	if s.script.kind == 'd' {
		v.closed = isClosed(s.client.CloseNotifier())
		v.got = s.get()
		for i := range ears {
			v.entrances[i] = s.ears[0][i].soFar()
			v.exits[i] = s.ears[1][i].soFar()
		}
	}
	s.inspect(&v)
	return v
}

// get asks for all members by their names.
func (s *stage) get() (got [most]bool) {
	answered := make(chan struct{})
	go func() {
		for i := range s.parts {
			if name := s.parts[i].name; name != "" {
				_, got[i] = s.client.Get(name)
			}
		}
		close(answered)
	}()
	synctest.Wait()
	if !isClosed(answered) {
		s.fault("D4: Get waits")
	}
	return got
}

// inspect adds what Inspect tells (I1, I2, I3). The original has no such thing.
func (s *stage) inspect(v *view) {
	if s.library.Inspect == nil {
		return
	}
	status, ok := s.library.Inspect(s.group)
	if !ok {
		s.fault("I1: Inspect does not know the group")
		return
	}
	v.state = stateLetters[status.State]
	for i, member := range status.Members {
		if s.script.kind == 'd' {
			i = s.find(member.Name)
		}
		v.states[i] = stateLetters[member.State]
	}
	var numbers []string
	for _, name := range status.WaitingFor() {
		numbers = append(numbers, fmt.Sprint(s.find(name)))
	}
	slices.Sort(numbers)
	v.waitingFor = strings.Join(numbers, "")
}

// find gives the number of the running member of a name.
func (s *stage) find(name string) int {
	for i := range s.parts {
		p := &s.parts[i]
		if s.script.kind != 'd' && name == string(rune('a'+i)) || p.name == name && p.accepted.Load() && !p.left.Load() && p.started.Load() {
			return i
		}
	}
	s.fault("Inspect tells of %q, which does not run", name)
	return 0
}

func (s *stage) result() string {
	if s.err == nil {
		return "nil"
	}
	trace, ok := s.library.Trace(s.err)
	if !ok {
		return s.err.Error()
	}
	var text string
	for _, e := range trace {
		text += number(e.Member) + string(toResult(e.Err))
	}
	return text
}

func isClosed[T any](channel <-chan T) bool {
	select {
	case <-channel:
		return true
	default:
		return false
	}
}

// end gives the next event of those that bring every script to its end.
func (s *stage) end() (e event, more bool) {
	switch {
	case s.script.kind == 'd' && !isClosed(s.client.CloseNotifier()):
		return event{op: closeGroup}, true
	case s.script.kind == 'd' && !s.begun:
		return event{op: run}, true
	case isClosed(s.over):
		return event{}, false
	}
	for i := range s.parts {
		if p := &s.parts[i]; p.started.Load() && !p.left.Load() {
			return event{op: exit, at: i, arg: fine}, true
		}
	}
	return event{op: signal, arg: interrupt}, !s.hungUp
}

// readUnread reads the listeners that nobody has read.
func (s *stage) readUnread() {
	for i := 0; i < len(s.unread); i += 2 {
		s.unread[i].listen()
		if unread, read := s.unread[i].heard.String(), s.unread[i+1].heard.String(); unread != read {
			s.fault("L2: a listener that was not read got %q, one that was %q", unread, read)
		}
	}
}
