package benchmarks

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
)

// A record has what the parts of an op have done, in order.
type record struct {
	mu     sync.Mutex
	events []event
}

type event struct {
	what  string
	place int
}

func (r *record) Started(place int) { r.add("started", place) }
func (r *record) Ready(place int)   { r.add("ready", place) }
func (r *record) Stopped(place int) { r.add("stopped", place) }

func (r *record) add(what string, place int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.events = append(r.events, event{what, place})
}

func (r *record) expect(t *testing.T, what string, n int) {
	t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	seen := make(map[int]int)
	for _, e := range r.events {
		if e.what == what {
			seen[e.place]++
		}
	}
	for place, times := range seen {
		if times != 1 {
			t.Errorf("part %d %s %d times", place, what, times)
		}
	}
	if len(seen) != n {
		t.Errorf("%d parts %s instead of %d", len(seen), what, n)
	}
}

// eachJob runs a test for each library that does the work, at small sizes.
func eachJob(t *testing.T, works []Work, test func(t *testing.T, library Library, work Work, job Job, size int)) {
	for _, work := range works {
		for _, library := range Libraries {
			for _, size := range Sizes[work] {
				job, found := library.Job(work, size)
				if found && size <= 100 {
					t.Run(fmt.Sprintf("%s/%s/%d", work, library.Name, size), func(t *testing.T) {
						test(t, library, work, job, size)
					})
				}
			}
		}
	}
}

// expectLife does the op twice: an op can be done any number of times.
func expectLife(t *testing.T, library Library, job Job, size, parts int) (r *record) {
	t.Helper()
	r = &record{}
	op := job.Prepare(size, r)
	for range 2 {
		*r = record{}
		stop := op.Start()
		r.expect(t, "stopped", 0)
		if library.Readies {
			r.expect(t, "ready", parts)
		}
		stop()
		r.expect(t, "started", parts)
		r.expect(t, "ready", parts)
		r.expect(t, "stopped", parts)
	}
	return r
}

func TestAllMembersStartAndStop(t *testing.T) {
	eachJob(t, []Work{Parallel, Ordered, Dynamic}, func(t *testing.T, library Library, work Work, job Job, size int) {
		r := expectLife(t, library, job, size, size)
		if work == Ordered && !slices.Equal(r.events, inOrder(size)) {
			t.Errorf("the order was %v", r.events)
		}
		if units := job.Prepare(size, nil).Units; units != size {
			t.Errorf("it counts as %d members", units)
		}
	})
}

func inOrder(n int) (events []event) {
	for i := range n {
		events = append(events, event{"started", i}, event{"ready", i})
	}
	for i := n - 1; i >= 0; i-- {
		events = append(events, event{"stopped", i})
	}
	return events
}

func TestTreesStartAndStop(t *testing.T) {
	const groups = 10
	for _, library := range Libraries {
		if job, found := library.Jobs[Deep]; found {
			t.Run("deep/"+library.Name, func(t *testing.T) { expectLife(t, library, job, groups, 1) })
		}
		if job, found := library.Jobs[Wide]; found {
			t.Run("wide/"+library.Name, func(t *testing.T) { expectLife(t, library, job, groups, groups*groupOfWide) })
		}
	}
}

func TestMembersBesideOthersStartAndStop(t *testing.T) {
	const members = 3
	for _, library := range Libraries {
		for work, job := range library.Beside {
			t.Run(fmt.Sprintf("%s/%s", work, library.Name), func(t *testing.T) {
				r := &record{}
				op := job.Prepare(members, r)
				for range 2 {
					*r = record{}
					op.Do()
					r.expect(t, "started", members)
					r.expect(t, "ready", members)
					r.expect(t, "stopped", members)
				}
			})
		}
	}
}

// The work itself checks that listeners get every event.
func TestAllTasksRun(t *testing.T) {
	eachJob(t, []Work{Tasks, Unbuffered, Listeners, Unread}, func(t *testing.T, _ Library, _ Work, job Job, size int) {
		r := &record{}
		op := job.Prepare(size, r)
		op.Do()
		r.expect(t, "started", op.Units)
		r.expect(t, "ready", op.Units)
		r.expect(t, "stopped", op.Units)
	})
}

// A holder keeps tasks from ending.
type holder struct {
	record
	open chan struct{}
}

func (h *holder) Ready(place int) {
	<-h.open
	h.record.Ready(place)
}

func TestTasksFillTheCapacity(t *testing.T) {
	eachJob(t, []Work{Tasks, Unbuffered}, func(t *testing.T, _ Library, _ Work, job Job, capacity int) {
		synctest.Test(t, func(t *testing.T) {
			h := &holder{open: make(chan struct{})}
			op := job.Prepare(capacity, h)
			go op.Do()
			synctest.Wait()
			h.expect(t, "started", capacity)
			close(h.open)
		})
	})
}

// The work itself checks that each member is found.
func TestGetFindsRunningMembers(t *testing.T) {
	for _, library := range Libraries {
		if job, found := library.Jobs[Get]; found {
			t.Run(library.Name, func(t *testing.T) {
				op := job.Prepare(10, nil)
				op.Do()
				if op.End != nil {
					op.End()
				}
			})
		}
	}
}

// The work itself checks that all events are read.
func TestWorkWithItsOwnClock(t *testing.T) {
	const size = 20
	for _, library := range Libraries {
		for work, job := range library.Jobs {
			if job.Timed == nil {
				continue
			}
			t.Run(fmt.Sprintf("%s/%s", work, library.Name), func(t *testing.T) {
				if timing := job.Timed(size); timing.Start <= 0 {
					t.Errorf("nothing was timed: %+v", timing)
				}
			})
		}
	}
}

// The work itself checks that each member is in what is read.
func TestStatusIsRead(t *testing.T) {
	for _, work := range []Work{Draw, Marshal, WaitingFor} {
		for _, library := range Libraries {
			if job, found := library.Jobs[work]; found {
				t.Run(fmt.Sprintf("%s/%s", work, library.Name), func(t *testing.T) {
					op := job.Prepare(20, nil)
					op.Do()
					op.Do()
					op.End()
				})
			}
		}
	}
}
