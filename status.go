package grouper

import (
	"iter"
	"os"
	"slices"
	"time"
)

// A Kind is what a group is made by, as a word.
type Kind string

const (
	KindParallel     Kind = "parallel"      // [NewParallel]
	KindOrdered      Kind = "ordered"       // [NewOrdered]
	KindQueueOrdered Kind = "queue-ordered" // [NewQueueOrdered]
	KindDynamic      Kind = "dynamic"       // [NewDynamic]
)

// A State is how far a member or a group has come, as a word:
//
//	pending ──▶ starting ──▶ ready ──▶ stopping ──▶ exited
//	               │                      ▲           ▲
//	               ├──────────────────────┤           │
//	               └──▶ failed ───────────┴───────────┘
//
// Whatever is running may exit without being stopped. Only a group fails.
type State string

const (
	StatePending  State = "pending"  // was not started
	StateStarting State = "starting" // runs, and is not ready
	StateReady    State = "ready"    // runs, and is ready
	StateFailed   State = "failed"   // runs, and never becomes ready: a member exited before it was
	StateStopping State = "stopping" // was signaled by its group; of a group: propagates a signal
	StateExited   State = "exited"   // its Run has returned
)

// A Status is what [Inspect] has seen of a group. It is plain data, and the
// caller's own: its methods only read it, and none of them blocks.
type Status struct {
	Kind    Kind
	State   State
	Since   time.Time      // when it entered the state; zero while pending
	For     time.Duration  // how long that was ago
	Signal  os.Signal      // the latest one that is propagated; nil before that
	Closed  bool           // of a dynamic group: takes no members any more
	Members []MemberStatus // in their order; of a dynamic group the running ones, in the order of their inserts
	Times   Times
}

// A MemberStatus is what [Inspect] has seen of a member.
type MemberStatus struct {
	Name    string
	State   State
	Since   time.Time     // when it entered the state; zero while pending
	For     time.Duration // how long that was ago
	Err     error         // what its Run has returned, once it has exited
	Group   *Status       // of the group that its Runner is, or has inside a Wrap or an Observe
	Times   Times
	Wrapped *WrappedStatus // if its Runner was made by Wrap
}

// A WrappedStatus is what [Inspect] has seen of what a member has inside a
// [Wrap]: of the run that began last. The states are pending, starting, ready
// and exited.
type WrappedStatus struct {
	Runs  int // how many have begun
	State State
	Since time.Time     // when it entered the state; zero while pending
	For   time.Duration // how long that was ago
	Times Times
	Err   error // what the run has returned, once it has exited
}

// Times has the time at which each state was entered. A zero time means not yet,
// or never.
type Times struct {
	Started, Ready, Stopping, Exited time.Time
}

// Ready reports whether the group can do its work now: whether it is ready, and
// so is every member of it and of the groups below it. A member that has exited
// with nil counts as ready. A wrapped member is ready if what is inside it is in
// state ready, or has not run yet. Members of dynamic groups, which come and go,
// do not count.
func (s Status) Ready() bool {
	if s.State != StateReady {
		return false
	}
	if s.Kind != KindDynamic {
		for i := range s.Members {
			if !s.Members[i].isReady() {
				return false
			}
		}
	}
	return true
}

func (m *MemberStatus) isReady() bool {
	switch {
	case m.State == StateExited:
		return m.Err == nil
	case m.State != StateReady:
		return false
	case m.Wrapped != nil && m.Wrapped.Runs == 0:
		return true
	case m.Wrapped != nil && m.Wrapped.State != StateReady:
		return false
	}
	return m.Group == nil || m.Group.Ready()
}

// WaitingFor returns the paths, such as api/http, of the members that hold up
// the group's start-up or shutdown now: the members that are not ready yet, or
// have not exited yet. If such a member is itself a group that waits for members, it
// returns theirs in its place. If the group is ready but [Status.Ready] is
// false, it returns the members that are not ready. A dynamic group waits for
// nobody until it is closed. The result is nil if there is nobody to wait for.
func (s Status) WaitingFor() []string {
	return s.appendWaitingFor(nil, "", true)
}

func (s Status) appendWaitingFor(paths []string, prefix string, asked bool) []string {
	waitsFor, askBelow := s.waitsFor(asked)
	count := 0
	for i := range s.Members {
		if waitsFor(&s.Members[i]) {
			count++
		}
	}
	paths = slices.Grow(paths, count)
	for i := range s.Members {
		member := &s.Members[i]
		if !waitsFor(member) {
			continue
		}
		before := len(paths)
		if member.Group != nil {
			paths = member.Group.appendWaitingFor(paths, prefix+member.Name+"/", askBelow)
		}
		if len(paths) == before {
			paths = append(paths, prefix+member.Name)
		}
	}
	return paths
}

// waitsFor returns a function that reports whether the group waits for a member.
// A group in state ready is asked why it is not Ready (I7), unless it is below a
// group that starts or stops, which waits for the group itself. askBelow is
// whether the groups below are asked.
func (s Status) waitsFor(asked bool) (waits func(*MemberStatus) bool, askBelow bool) {
	switch {
	case s.State == StateStarting || s.State == StateStopping:
		return func(m *MemberStatus) bool { return m.State == s.State }, false
	case s.State == StateReady && s.Closed:
		return func(m *MemberStatus) bool { return m.State != StateExited }, false
	case asked && s.State == StateReady && !s.Ready():
		return func(m *MemberStatus) bool { return !m.isReady() }, true
	}
	return func(*MemberStatus) bool { return false }, false
}

// All returns a sequence of all members below the group with their paths, as
// [Status.WaitingFor] writes them, relative to this group. Each member comes
// before those below it.
func (s Status) All() iter.Seq2[string, MemberStatus] {
	return func(yield func(string, MemberStatus) bool) {
		s.all("", yield)
	}
}

func (s Status) all(prefix string, yield func(string, MemberStatus) bool) bool {
	for _, member := range s.Members {
		path := prefix + member.Name
		if !yield(path, member) || member.Group != nil && !member.Group.all(path+"/", yield) {
			return false
		}
	}
	return true
}
