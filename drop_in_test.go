package grouper_test

// The ways in which programs use the original's API, which have to go on
// compiling. Package proof/original runs this file with the original, too.

import (
	"errors"
	"os"
	"syscall"
	"testing"

	"github.com/seed-3b777528/grouper"
	"github.com/tedsuo/ifrit"
)

func dropIn(signals <-chan os.Signal, ready chan<- struct{}) error {
	close(ready)
	<-signals
	return nil
}

// A component's main writes its members without field names, and appends those
// that its configuration asks for. A field more in Member would break this.
func dropInMain(debugAddress string) ifrit.Runner {
	members := grouper.Members{
		{"lock", ifrit.RunFunc(dropIn)},
		grouper.Member{"server", ifrit.RunFunc(dropIn)},
	}
	if debugAddress != "" {
		members = append(grouper.Members{{"debug-server", ifrit.RunFunc(dropIn)}}, members...)
	}
	members = append(members, grouper.Member{Name: "metrics", Runner: ifrit.RunFunc(dropIn)})
	return grouper.NewOrdered(os.Interrupt, members)
}

// A Member embeds its Runner, so that it is one itself.
var _ ifrit.Runner = grouper.Member{"a", ifrit.RunFunc(dropIn)}

// Others keep a slice of Member, and convert it or assign it as it is: Members
// stays a slice type.
func dropInConversions() {
	plain := []grouper.Member{{"a", nil}}
	members := grouper.Members(plain)
	plain = members
	plain = []grouper.Member(members)
	grouper.NewParallel(nil, plain)
	grouper.NewQueueOrdered(syscall.SIGTERM, []grouper.Member{})
	grouper.NewOrdered(os.Kill, nil) // an untyped nil is no members
	dropInJoint(1, members...)
	dropInJoint(1, grouper.Member{"one", nil}, grouper.Member{"other", nil})
	for i := range members {
		members[i].Name += "-" // a member is a value with fields that can be set
	}
}

// Groups of other packages, such as one that needs two locks at once, take
// members one by one, and return a trace that they make themselves.
func dropInJoint(_ int, members ...grouper.Member) ifrit.Runner {
	return ifrit.RunFunc(func(signals <-chan os.Signal, ready chan<- struct{}) error {
		for _, member := range members {
			if err := member.Run(signals, ready); err != nil {
				return grouper.ErrorTrace{grouper.ExitEvent{Member: member, Err: err}}
			}
		}
		return nil
	})
}

// The constructors are kept in variables and tables, by code that chooses the
// order by configuration: their types are part of the API, results included.
var (
	_ func(os.Signal, grouper.Members) ifrit.Runner     = grouper.NewParallel
	_ func(os.Signal, grouper.Members) ifrit.Runner     = grouper.NewOrdered
	_ func(os.Signal, grouper.Members) ifrit.Runner     = grouper.NewQueueOrdered
	_ func(os.Signal, int, int) grouper.DynamicGroup    = grouper.NewDynamic
	_ func(grouper.Members) error                       = grouper.Members.Validate
	_ func(grouper.DynamicGroup) grouper.DynamicClient  = grouper.DynamicGroup.Client
	_ func(grouper.DynamicClient) chan<- grouper.Member = grouper.DynamicClient.Inserter
	_                                                   = map[bool]func(os.Signal, grouper.Members) ifrit.Runner{true: grouper.NewOrdered, false: grouper.NewParallel}
)

// Tests put fakes in the place of clients and groups: a method more in either
// interface would break each of these.
type dropInClient struct {
	inserter  chan grouper.Member
	entrances chan grouper.EntranceEvent
	exits     chan grouper.ExitEvent
	closed    chan struct{}
}

func (c *dropInClient) EntranceListener() <-chan grouper.EntranceEvent { return c.entrances }
func (c *dropInClient) ExitListener() <-chan grouper.ExitEvent         { return c.exits }
func (c *dropInClient) CloseNotifier() <-chan struct{}                 { return c.closed }
func (c *dropInClient) Inserter() chan<- grouper.Member                { return c.inserter }
func (c *dropInClient) Get(name string) (ifrit.Process, bool)          { return nil, name == "" }
func (c *dropInClient) Close()                                         { close(c.closed) }

type dropInGroup struct{ client grouper.DynamicClient }

func (g dropInGroup) Client() grouper.DynamicClient                   { return g.client }
func (g dropInGroup) Run(s <-chan os.Signal, r chan<- struct{}) error { return dropIn(s, r) }

var (
	_ grouper.DynamicClient = &dropInClient{}
	_ grouper.DynamicGroup  = dropInGroup{}
	_ ifrit.Runner          = grouper.DynamicGroup(nil) // a dynamic group is a member as it is
)

// Wrappers embed the interfaces, and replace one method.
type dropInCounting struct {
	grouper.DynamicClient
	gets int
}

func (c *dropInCounting) Get(name string) (ifrit.Process, bool) {
	c.gets++
	return c.DynamicClient.Get(name)
}

// Fakes send events that they write themselves, without field names.
func dropInEvents(client *dropInClient, process ifrit.Process) {
	member := grouper.Member{"job", nil}
	client.entrances <- grouper.EntranceEvent{member, process}
	client.exits <- grouper.ExitEvent{member, errors.New("failed")}
	client.entrances <- grouper.EntranceEvent{Member: member, Process: process}
	client.exits <- grouper.ExitEvent{Member: member, Err: nil}
}

// Pools of jobs insert in a select, signal one job by its name, and read the
// events in another goroutine.
func dropInPool(client grouper.DynamicClient, job grouper.Member) error {
	select {
	case client.Inserter() <- job:
	case <-client.CloseNotifier():
		return errors.New("closed")
	}
	if process, ok := client.Get(job.Name); ok {
		process.Signal(os.Interrupt)
	}
	for exit := range client.ExitListener() {
		if exit.Err != nil && exit.Member.Name == job.Name {
			return exit.Err
		}
	}
	entrance, ok := <-client.EntranceListener()
	if !ok {
		return nil
	}
	client.Close()
	return <-entrance.Process.Wait()
}

// A nested group's error is asserted and looped over, and traces are compared
// with ones that tests write: ErrorTrace stays a slice of ExitEvent with Error
// on the value.
func dropInTrace(err error) (failed []string) {
	if trace, ok := err.(grouper.ErrorTrace); ok {
		for _, exit := range trace {
			if nested, ok := exit.Err.(grouper.ErrorTrace); ok {
				failed = append(failed, dropInTrace(nested)...)
			} else if exit.Err != nil {
				failed = append(failed, exit.Member.Name)
			}
		}
	}
	switch err := err.(type) {
	case grouper.ErrDuplicateNames:
		failed = append(failed, err.DuplicateNames...)
	}
	return failed
}

var (
	_ error = grouper.ErrorTrace{}
	_ error = grouper.ErrorTrace.ErrorOrNil(nil)
	_ error = grouper.ErrDuplicateNames{}
	_       = grouper.ErrorTrace{{grouper.Member{"a", nil}, nil}, grouper.ExitEvent{}}
	_       = []grouper.ExitEvent(grouper.ErrorTrace{})
	_       = grouper.ErrDuplicateNames{[]string{"a"}}
)

// What compiles must also find its value: an assertion that is false, or a
// member that does not run, would be seen by no compiler.
func TestDropIn(t *testing.T) {
	process := ifrit.Invoke(dropInMain("localhost:0"))
	process.Signal(os.Interrupt)
	if err := <-process.Wait(); err != nil {
		t.Error(err)
	}

	failing := ifrit.RunFunc(func(<-chan os.Signal, chan<- struct{}) error { return errors.New("failed") })
	inner := grouper.NewParallel(os.Interrupt, grouper.Members{{"store", failing}})
	err := <-ifrit.Background(grouper.NewOrdered(os.Interrupt, grouper.Members{{"storage", inner}})).Wait()
	if failed := dropInTrace(err); len(failed) != 1 || failed[0] != "store" {
		t.Errorf("%v of %v", failed, err)
	}
	err = <-ifrit.Background(dropInJoint(1, grouper.Member{"lock", failing})).Wait()
	if failed := dropInTrace(err); len(failed) != 1 || failed[0] != "lock" {
		t.Errorf("%v of %v", failed, err)
	}
	twice := grouper.Members{{"a", failing}, {"a", failing}}
	if failed := dropInTrace(twice.Validate()); len(failed) != 1 || failed[0] != "a" {
		t.Errorf("%v of %v", failed, twice.Validate())
	}

	client := &dropInClient{entrances: make(chan grouper.EntranceEvent, 2), exits: make(chan grouper.ExitEvent, 2)}
	dropInEvents(client, process)
	if exit := <-client.exits; exit.Member.Name != "job" || exit.Err == nil {
		t.Error(exit)
	}

	pool := grouper.NewDynamic(nil, 2, 10)
	running := ifrit.Invoke(pool)
	counting := &dropInCounting{DynamicClient: pool.Client()}
	counting.Inserter() <- grouper.Member{"first", ifrit.RunFunc(dropIn)}
	if first, ok := counting.Get("first"); ok {
		first.Signal(os.Interrupt)
	}
	err = dropInPool(counting, grouper.Member{"job", failing})
	if err == nil || err.Error() != "failed" || counting.gets != 2 {
		t.Errorf("%v after %d", err, counting.gets)
	}
	counting.Close()
	if err := <-running.Wait(); err != nil {
		t.Error(err)
	}
	dropInConversions()
}
