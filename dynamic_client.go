package grouper

import (
	"cmp"
	"slices"
	"sync"

	"github.com/tedsuo/ifrit"
)

//counterfeiter:generate -o fakes/fake_dynamic_client.go . DynamicClient

// A DynamicClient inserts members into a [DynamicGroup], finds them, listens
// to their entrances and exits, and closes the group. Any number of goroutines
// may use it, including members of the group, before, during and after the
// group's Run. Only a send on the Inserter channel ever waits.
type DynamicClient interface {
	// EntranceListener returns a new channel of all entrances: first the
	// latest ones up to now, as many as the group's eventBufferSize, then
	// each as it happens. A reader may be as slow as it likes: it gets every
	// event, in order, and delays nobody; unread events cost memory, and at
	// most one goroutine. The channel is closed after the last entrance, when
	// the group is closed and all members have entered.
	EntranceListener() <-chan EntranceEvent

	// ExitListener returns a new channel of all exits, with the properties of
	// EntranceListener. It is closed after the last exit, when Run returns.
	// Two channels have no common order: a reader of both may see a member's
	// exit before its entrance.
	ExitListener() <-chan ExitEvent

	// CloseNotifier returns a channel that is closed when the group is: when
	// it accepts no insert any more. It is the same one each time.
	CloseNotifier() <-chan struct{}

	// Inserter returns the channel on which members are inserted, unbuffered
	// and the same one each time. A send is accepted while the group runs, is
	// open, and has room. Otherwise it blocks, and forever once the group is
	// closed: where that can happen, select on CloseNotifier too. Closing the
	// channel closes the group, as soon as it has room for a member.
	Inserter() chan<- Member

	// Close closes the group: when it returns, no insert is accepted any
	// more. The members go on, and the group exits when the last one has; a
	// group that was closed before it ran exits at once. Close may be called
	// again, and from inside a member. It does not wait for members.
	Close()

	// Get finds a running member by its name, from the moment that its insert
	// is accepted until just before its [ExitEvent]. Otherwise, and always
	// before and after the group's Run, it returns nil and false. Get does not
	// wait for members.
	Get(name string) (ifrit.Process, bool)
}

// The dynamicClient is what a dynamic group shares with its users.
type dynamicClient struct {
	inserts   chan Member
	calls     chan func()   // to the loop, while it runs
	closed    chan struct{} // closed when no insert is accepted any more
	ended     chan struct{} // closed when the loop takes no calls any more
	entrances broadcaster[EntranceEvent]
	exits     broadcaster[ExitEvent]

	mu      sync.RWMutex // guards what follows, members and running from all but the loop
	begun   bool
	members map[string]*process // those running, by name; only the loop writes
	running []*process          // the same, each in its slot; only the loop writes
	added   int                 // how many there were
}

func newDynamicClient(eventBufferSize int) *dynamicClient {
	client := &dynamicClient{
		inserts: make(chan Member),
		calls:   make(chan func()),
		closed:  make(chan struct{}),
		ended:   make(chan struct{}),
		members: make(map[string]*process),
	}
	client.entrances.history.capacity = eventBufferSize
	client.exits.history.capacity = eventBufferSize
	return client
}

func (c *dynamicClient) EntranceListener() <-chan EntranceEvent { return c.entrances.listen().out }
func (c *dynamicClient) ExitListener() <-chan ExitEvent         { return c.exits.listen().out }
func (c *dynamicClient) CloseNotifier() <-chan struct{}         { return c.closed }
func (c *dynamicClient) Inserter() chan<- Member                { return c.inserts }

// Close has the loop close the group, which it does between two inserts, or
// does so itself if there is no loop yet (D6).
func (c *dynamicClient) Close() {
	c.closeBeforeRun()
	select {
	case c.calls <- c.closeInserts:
	case <-c.closed:
	}
	<-c.closed
}

func (c *dynamicClient) closeBeforeRun() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.begun {
		c.closeInserts()
		c.entrances.close() // L3: no member can enter
	}
}

// Get finds a member that the loop has added to the map. If there is none,
// the loop may be about to add it: once it takes a call, it has added every
// member whose insert was accepted before (D4).
func (c *dynamicClient) Get(name string) (ifrit.Process, bool) {
	p, begun := c.lookup(name)
	if p == nil && begun {
		select {
		case c.calls <- func() {}:
			p, _ = c.lookup(name)
		case <-c.ended:
		}
	}
	if p == nil {
		return nil, false
	}
	return p, true
}

// lookup returns nil if there is no such member.
func (c *dynamicClient) lookup(name string) (p *process, begun bool) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.members[name], c.begun
}

// all returns the running members in the order of their inserts. The lock is
// held for no longer than it takes to copy the list.
func (c *dynamicClient) all() []*process {
	c.mu.RLock()
	running := slices.Clone(c.running)
	c.mu.RUnlock()
	slices.SortFunc(running, func(a, b *process) int { return cmp.Compare(a.number, b.number) })
	return running
}

func (c *dynamicClient) isClosed() bool {
	select {
	case <-c.closed:
		return true
	default:
		return false
	}
}

// begin reports whether this is the first Run. Only a group that has begun has
// a loop.
func (c *dynamicClient) begin() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	first := !c.begun
	c.begun = true
	return first
}

// The loop calls the following.

func (c *dynamicClient) add(p *process) {
	c.mu.Lock()
	defer c.mu.Unlock()
	p.number, p.slot = c.added, len(c.running)
	c.added++
	c.members[p.member.Name] = p
	c.running = append(c.running, p)
}

// remove has the last one of the list take the slot of the one that leaves.
func (c *dynamicClient) remove(p *process) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.members, p.member.Name)
	end := len(c.running) - 1
	last := c.running[end]
	c.running[p.slot], last.slot = last, p.slot
	c.running[end] = nil
	c.running = c.running[:end]
}

func (c *dynamicClient) closeInserts() {
	if !c.isClosed() {
		close(c.closed)
	}
}

// end says that no event comes any more (D9).
func (c *dynamicClient) end() {
	close(c.ended)
	c.exits.close()
}
