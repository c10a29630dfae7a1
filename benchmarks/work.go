// Package benchmarks does the same work with this module's groups, with the
// original ones, with the floor, and with the libraries that people pick instead.
// The benchmarks of go test and the command compare measure what is described
// here, and the tests check that each library does what it says here.
//
// The floor is what the contract of [ifrit.Runner] itself demands: a
// goroutine, a signals channel and a ready channel per member, by hand,
// without names, errors, events or status.
package benchmarks

// Work is a kind of work, which libraries are measured at.
type Work string

const (
	// The sizes of these are numbers of members, each of which runs until it is
	// stopped: start all, wait until all are ready, stop all, wait for the end.
	Parallel Work = "parallel"
	Observed Work = "observed" // a parallel group with an observer that does nothing
	Ordered  Work = "ordered"  // each when the previous one is ready, stopped in reverse
	Dynamic  Work = "dynamic"  // inserted one after the other

	// Members that compute until they are signaled, inserted one after the other.
	Computing Work = "computing"

	Deep Work = "deep" // a chain of size groups, each the only member of the one above
	Wide Work = "wide" // size groups of 100 members

	// The size of these is the capacity of a group. Tasks that are ready and end
	// at once go through it, with a listener for entrances and one for exits.
	Tasks      Work = "tasks"
	Unbuffered Work = "unbuffered" // with an event buffer of 0

	// The size is the number of exit listeners, with a capacity of 8.
	Listeners Work = "listeners"
	Unread    Work = "unread" // one more listener, which nobody reads

	Get Work = "get" // finding members of a group of size

	// The size of these is a number of inserts. The slowest one counts.
	Insert       Work = "insert"
	InsertUnread Work = "insert-unread" // with a listener that nobody reads

	// The size of these is that of the group in which members are inserted and
	// found.
	Paced     Work = "paced"
	Inspected Work = "inspected" // while it is inspected all the time

	// The size of these is that of a group that is starting.
	Draw       Work = "string"
	Marshal    Work = "json"
	WaitingFor Work = "waiting-for"

	SecondSignal Work = "second-signal" // while size members exit
)

// Works are all kinds of work, in the order of the tables.
var Works = []Work{Parallel, Observed, Ordered, Dynamic, Deep, Wide, Tasks, Unbuffered, Listeners, Unread, Get,
	Insert, InsertUnread, Paced, Inspected, Draw, Marshal, WaitingFor, SecondSignal}

// Sizes are the sizes that each kind of work is measured at.
var Sizes = map[Work][]int{
	Parallel:   {1, 3, 10, 100, 1000, 10_000, 100_000, 1_000_000},
	Observed:   {10, 1000},
	Ordered:    {1, 3, 10, 100, 1000, 10_000, 100_000, 1_000_000},
	Dynamic:    {1, 3, 10, 100, 1000, 10_000, 100_000, 1_000_000},
	Deep:       {1000},
	Wide:       {1000},
	Tasks:      {1, 8, 1000},
	Unbuffered: {1, 8, 1000},
	Listeners:  {0, 1, 10, 100},
	Unread:     {1},
	Get:        {1000},

	Insert:       {1_000_000},
	InsertUnread: {1_000_000},
	Paced:        {100_000},
	Inspected:    {100_000},
	Draw:         {10_000, 100_000},
	Marshal:      {10_000, 100_000},
	WaitingFor:   {10_000, 100_000},
	SecondSignal: {50_000},
}

// BesideWorks is the work that is measured beside goroutines that compute, and
// BesideSizes its sizes.
var (
	BesideWorks = []Work{Ordered, Parallel, Dynamic, Computing}
	BesideSizes = map[Work]int{Ordered: 10, Parallel: 10, Dynamic: 10, Computing: 30}
)

// FirstSizes are the sizes of groups that are the only one of a process.
var FirstSizes = []int{3, 10, 100}

// largestOfPeers is the largest size for all but this module's groups and the
// floor.
const largestOfPeers = 100_000

const (
	groupOfWide  = 100
	tasksInOne   = 5000 // tasks that go through a group
	lookupsInOne = 1000
	eventBuffer  = 100
)

// A Library does some of the work.
type Library struct {
	Name    string
	Module  string // whose version the report gives
	Readies bool   // whether Start returns only when all members are ready
	Lacks   string // what the work asks for, and the library cannot do
	Jobs    map[Work]Job
	Beside  map[Work]Job // what is measured beside goroutines that compute
}

// A Job is one kind of work as one library does it. It has Prepare or Timed.
type Job struct {
	Prepare func(size int, observer Observer) Op
	Timed   func(size int) Timing // does the work once
	Min     int                   // the smallest size that can be done
	Max     int                   // the largest size that is measured; 0 is no limit
	Steep   bool                  // whether the cost of a member grows with their number
	Brief   bool                  // whether a quick look includes it at any size
}

// An Op is work that is ready to be done, any number of times. What is built
// before it, the members, is not measured; their group is built in Start.
type Op struct {
	Units int                  // how many members, tasks or lookups there are
	Start func() (stop func()) // returns when all are ready, and stop when all have ended
	Clean func()               // after each stop, its time is not measured; may be nil
	End   func()               // after all, not measured; may be nil
}

// Do does the work once, without measuring it.
func (op Op) Do() {
	op.Start()()
	if op.Clean != nil {
		op.Clean()
	}
}

// Libraries are all the compared ones, this module's groups first.
var Libraries = []Library{ours, original, floor, errgroups, oklogRun, sutures, concPools, dskitServices, fxLifecycle}

// Job returns what a library does of a kind of work at a size, if anything.
func (l Library) Job(work Work, size int) (Job, bool) {
	job, found := l.Jobs[work]
	found = found && size >= job.Min && (job.Max == 0 || size <= job.Max)
	return job, found
}

// Long reports whether the job takes too long for a quick look.
func (j Job) Long(size int) bool {
	return size > 10_000 || j.Steep && size > 100
}
