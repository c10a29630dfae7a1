package grouper_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/seed-3b777528/grouper"
	"github.com/seed-3b777528/grouper/fakes"
	"github.com/tedsuo/ifrit"
	original "github.com/tedsuo/ifrit/grouper"
)

// A library is what this package and the original have in common, so that a
// scenario can be run on both.
type library struct {
	parallel, ordered func(os.Signal, grouper.Members) ifrit.Runner
	dynamic           func(termination os.Signal, capacity, buffer int) dynamicGroup
	validate          func(grouper.Members) error
	trace             func(error) []grouper.ExitEvent
}

type dynamicGroup struct {
	ifrit.Runner
	insert  func(grouper.Member, <-chan struct{}) (accepted bool)
	get     func(string) (ifrit.Process, bool)
	close   func()
	entered func() <-chan struct{} // is closed with an entrance listener
	listen  func() (read func())   // attaches listeners, to be read when the group is closed
}

var ours = library{
	parallel: grouper.NewParallel,
	ordered:  grouper.NewOrdered,
	validate: grouper.Members.Validate,
	trace:    func(err error) []grouper.ExitEvent { return err.(grouper.ErrorTrace) },
	dynamic: func(termination os.Signal, capacity, buffer int) dynamicGroup {
		group := grouper.NewDynamic(termination, capacity, buffer)
		return adapt(group, group.Client(), func(member grouper.Member) grouper.Member { return member })
	},
}

var theOriginal = library{
	parallel: func(termination os.Signal, members grouper.Members) ifrit.Runner {
		return original.NewParallel(termination, originals(members))
	},
	ordered: func(termination os.Signal, members grouper.Members) ifrit.Runner {
		return original.NewOrdered(termination, originals(members))
	},
	validate: func(members grouper.Members) error { return originals(members).Validate() },
	trace: func(err error) []grouper.ExitEvent {
		var trace []grouper.ExitEvent
		for _, event := range err.(original.ErrorTrace) {
			trace = append(trace, grouper.ExitEvent{grouper.Member(event.Member), event.Err})
		}
		return trace
	},
	dynamic: func(termination os.Signal, capacity, buffer int) dynamicGroup {
		group := original.NewDynamic(termination, capacity, buffer)
		return adapt(group, group.Client(), func(member grouper.Member) original.Member { return original.Member(member) })
	},
}

func originals(members grouper.Members) original.Members {
	var converted original.Members
	for _, member := range members {
		converted = append(converted, original.Member(member))
	}
	return converted
}

func adapt[M, Entrance, Exit any](group ifrit.Runner, client interface {
	EntranceListener() <-chan Entrance
	ExitListener() <-chan Exit
	Inserter() chan<- M
	Close()
	Get(string) (ifrit.Process, bool)
}, convert func(grouper.Member) M) dynamicGroup {
	return dynamicGroup{
		Runner: group,
		insert: func(member grouper.Member, abandon <-chan struct{}) bool {
			select {
			case client.Inserter() <- convert(member):
				return true
			case <-abandon:
				return false
			}
		},
		get:   client.Get,
		close: client.Close,
		entered: func() <-chan struct{} {
			entrances, closed := client.EntranceListener(), make(chan struct{})
			go func() {
				for range entrances {
				}
				close(closed)
			}()
			return closed
		},
		listen: func() (read func()) {
			entrances, exits := client.EntranceListener(), client.ExitListener()
			return func() {
				go func() {
					for range entrances {
					}
				}()
				for range exits {
				}
			}
		},
	}
}

// A scenario is what one row of the contract's table 'Where the original does
// otherwise' is about. Each bubble of it is run as often as it says, for what
// happens only now and then.
type scenario struct {
	rule, name string
	times      int
	body       func(Gomega, library)
	// symptom is what the original answers it with.
	symptom string
}

// What a child prints when the scenario's body was not content, or a bubble
// in which everything has come to a stop. Crashes print what they are.
const (
	hangs    = "panic: deadlock: "
	deviates = "NOT AS THE CONTRACT SAYS"
)

var differences = []scenario{
	{"G6", "a second signal does not make a parallel group leave a member running", 1, func(g Gomega, l library) {
		members, runners := crew(2)
		group := start(l.parallel(nil, members))
		group.signal(interrupt)
		group.signal(terminate)
		exit(runners[0], nil)
		g.Expect(group.exited).To(BeFalse())
		exit(runners[1], errBoom)
		g.Expect(group.exited).To(BeTrue())
		g.Expect(lines(l.trace(group.err)...)).To(HaveExactElements("a", "b: boom"))
	}, deviates},

	{"G6", "a parallel group hands on its third signal", 1, func(g Gomega, l library) {
		members, runners := crew(1)
		group := start(l.parallel(nil, members))
		for _, signal := range []os.Signal{interrupt, terminate, hangUp} {
			group.signal(signal)
		}
		g.Expect(runners[0].Signals()).To(ConsistOf(interrupt, terminate, hangUp))
		exitAll(runners...)
	}, hangs},

	{"D1", "a dynamic group of capacity 1 goes on when its first member exits", 1, func(g Gomega, l library) {
		members, runners := crew(1)
		dynamic := l.dynamic(nil, 1, 0)
		group := start(dynamic)
		dynamic.insert(members[0], nil)
		exit(runners[0], nil)
		g.Expect(group.exited).To(BeFalse())
		dynamic.close()
	}, deviates},

	{"D7", "no insert is accepted after the signal, whose member would not get it", 1000, func(g Gomega, l library) {
		members, runners := crew(1)
		dynamic := l.dynamic(nil, 0, 0)
		group := start(dynamic)
		group.signals <- interrupt
		abandon := make(chan struct{})
		accepted := false
		go func() { accepted = dynamic.insert(members[0], abandon) }()
		settle()
		g.Expect(accepted).To(BeFalse())
		close(abandon)
		exitAll(runners...)
	}, deviates},

	{"G10, L2", "a listener that is not read does not keep signals from members", 1, func(g Gomega, l library) {
		members, runners := crew(1)
		dynamic := l.dynamic(nil, 0, 0)
		read := dynamic.listen()
		group := start(dynamic)
		dynamic.insert(members[0], nil)
		ready(runners[0])
		group.signal(interrupt)
		g.Expect(runners[0].Signals()).To(HaveExactElements(interrupt))
		exit(runners[0], nil)
		g.Expect(group.exited).To(BeTrue())
		read()
	}, hangs},

	{"D3", "a name that is inserted twice does not take the program down", 1, func(g Gomega, l library) {
		members, runners := crew(2)
		members[1].Name = "a"
		dynamic := l.dynamic(nil, 0, 0)
		start(dynamic)
		dynamic.insert(members[0], nil)
		dynamic.insert(members[1], nil)
		settle()
		g.Expect(starts(runners)).To(Equal([]int{1, 0}))
		dynamic.close()
		exitAll(runners...)
	}, "panic: member inserted twice"},

	{"G1", "a nil runner in a dynamic group does not take the program down", 1, func(g Gomega, l library) {
		dynamic := l.dynamic(nil, 0, 0)
		group := start(dynamic)
		dynamic.insert(grouper.Member{"nobody", nil}, nil)
		settle()
		dynamic.close()
		settle()
		g.Expect(group.exited).To(BeTrue())
	}, "panic: runtime error: invalid memory address or nil pointer dereference"},

	{"G1", "a nil runner in a static group does not take the program down", 1, func(g Gomega, l library) {
		for _, newGroup := range []func(os.Signal, grouper.Members) ifrit.Runner{l.parallel, l.ordered} {
			group := start(newGroup(nil, grouper.Members{{"nobody", nil}}))
			g.Expect(group.exited).To(BeTrue())
			g.Expect(group.err).To(HaveOccurred())
		}
	}, "panic: runtime error: invalid memory address or nil pointer dereference"},

	{"D10", "a second run of a closed group does not panic", 1, func(g Gomega, l library) {
		dynamic := l.dynamic(nil, 0, 0)
		group := start(dynamic)
		dynamic.close()
		settle()
		g.Expect(group.exited).To(BeTrue())
		g.Expect(start(dynamic).err).To(HaveOccurred())
	}, "panic: close of closed channel"},

	{"S3", "a parallel group without members becomes ready", 1, func(g Gomega, l library) {
		group := start(l.parallel(nil, nil))
		g.Expect(group.isReady()).To(BeTrue())
		group.signal(interrupt)
	}, deviates},

	{"G5", "no nil signal is delivered to members", 1, func(g Gomega, l library) {
		members, runners := crew(2)
		start(l.parallel(nil, members))
		exit(runners[0], nil)
		g.Expect(runners[1].Signals()).To(BeEmpty())
		exit(runners[1], nil)
	}, deviates},

	{"G5", "no nil signal makes a nested group panic", 1, func(g Gomega, l library) {
		members, runners := crew(2)
		members[1].Runner = l.ordered(nil, grouper.Members{members[1]})
		start(l.parallel(nil, members))
		exit(runners[0], nil)
		g.Expect(runners[1].Running()).To(BeTrue())
		exit(runners[1], nil)
	}, "panic: interface conversion: "},

	{"G3", "a nil signal does not make a group panic", 1, func(g Gomega, l library) {
		members, runners := crew(1)
		group := start(l.ordered(nil, members))
		group.signal(nil)
		g.Expect(group.exited).To(BeFalse())
		exit(runners[0], nil)
	}, "panic: interface conversion: "},

	{"G8", "runtime.Goexit in a member does not make the group hang", 1, func(g Gomega, l library) {
		group := start(l.parallel(terminate, grouper.Members{{"quitter", ifrit.RunFunc(
			func(<-chan os.Signal, chan<- struct{}) error {
				runtime.Goexit()
				return nil
			})}}))
		g.Expect(group.exited).To(BeTrue())
		g.Expect(group.err).To(HaveOccurred())
	}, deviates},

	{"S2", "an ordered group that is run again starts afresh", 1, func(g Gomega, l library) {
		members, runners := crew(1)
		ordered := l.ordered(nil, members)
		start(ordered)
		exit(runners[0], nil)
		again := start(ordered)
		ready(runners[0])
		g.Expect(again.isReady()).To(BeTrue())
		again.signal(interrupt)
		g.Expect(runners[0].Signals()).To(HaveExactElements(interrupt))
		exit(runners[0], nil)
		g.Expect(again.exited).To(BeTrue())
	}, deviates},

	{"D4", "Get does not wait for the group to run", 1, func(g Gomega, l library) {
		_, found := l.dynamic(nil, 0, 0).get("early")
		g.Expect(found).To(BeFalse())
	}, hangs},

	{"D6", "no insert is accepted after Close has returned", 100, func(g Gomega, l library) {
		members, runners := crew(2)
		dynamic := l.dynamic(nil, 0, 0)
		// Listeners that are not read yet keep the original's loop from
		// waiting while it is closed.
		read := dynamic.listen()
		start(dynamic)
		dynamic.insert(members[0], nil)
		ready(runners[0])
		dynamic.close()
		abandon := make(chan struct{})
		accepted := false
		go func() { accepted = dynamic.insert(members[1], abandon) }()
		settle()
		go read()
		settle()
		g.Expect(accepted).To(BeFalse())
		close(abandon)
		exit(runners[0], nil)
	}, deviates},

	{"L3", "a group that is closed before it runs closes its entrance listeners", 1, func(g Gomega, l library) {
		dynamic := l.dynamic(nil, 0, 0)
		entered := dynamic.entered()
		dynamic.close()
		settle()
		g.Expect(entered).To(BeClosed())
	}, deviates},

	{"G3", "a nil signal does not shut a dynamic group down", 1, func(g Gomega, l library) {
		dynamic := l.dynamic(nil, 0, 0)
		group := start(dynamic)
		group.signal(nil)
		g.Expect(group.exited).To(BeFalse())
		dynamic.close()
	}, deviates},

	{"M2", "signals to a member arrive in the order of the calls", 100, func(g Gomega, l library) {
		members, runners := crew(1)
		dynamic := l.dynamic(nil, 0, 0)
		start(dynamic)
		dynamic.insert(members[0], nil)
		process, found := dynamic.get("a")
		g.Expect(found).To(BeTrue())
		for _, signal := range numberedUpTo(20) {
			process.Signal(signal)
		}
		settle()
		g.Expect(runners[0].Signals()).To(Equal(numberedUpTo(20)))
		dynamic.close()
		exit(runners[0], nil)
	}, deviates},

	{"E1", "ErrDuplicateNames names all of several names", 1, func(g Gomega, l library) {
		err := l.validate(grouper.Members{{"api", nil}, {"store", nil}, {"api", nil}, {"store", nil}})
		g.Expect(err).To(MatchError(And(ContainSubstring("api"), ContainSubstring("store"))))
	}, deviates},

	{"E1", "a name that occurs three times is listed once", 1, func(g Gomega, l library) {
		err := l.validate(grouper.Members{{"a", nil}, {"a", nil}, {"a", nil}})
		g.Expect(err).To(MatchError("Duplicate member name: a\n"))
	}, deviates},

	{"E2", "errors.Is sees through the trace", 1, func(g Gomega, l library) {
		members, runners := crew(1)
		group := start(l.parallel(nil, members))
		exit(runners[0], errBoom)
		g.Expect(errors.Is(group.err, errBoom)).To(BeTrue())
	}, deviates},

	{"S1", "ordered groups list the exits in the order in which they happened", 1, func(g Gomega, l library) {
		members, runners := crew(3)
		group := start(l.ordered(nil, members))
		for _, runner := range runners {
			ready(runner)
		}
		group.signal(interrupt)
		exit(runners[0], errBoom)
		exit(runners[2], nil)
		exit(runners[1], nil)
		g.Expect(lines(l.trace(group.err)...)).To(HaveExactElements("a: boom", "c", "b"))
	}, deviates},

	{"M1", "a Wait costs no goroutine", 1, func(g Gomega, l library) {
		members, runners := crew(1)
		dynamic := l.dynamic(nil, 0, 0)
		start(dynamic)
		dynamic.insert(members[0], nil)
		ready(runners[0])
		process, _ := dynamic.get("a")
		before := goroutinesOf("@")
		for range 1000 {
			process.Wait()
		}
		settle()
		g.Expect(goroutinesOf("@")).To(BeNumerically("<", before+1000))
		dynamic.close()
		exit(runners[0], nil)
	}, deviates},

	{"M1", "groups of N members do not cost a multiple of N goroutines", 1, func(g Gomega, l library) {
		const n = 100
		members := make(grouper.Members, n)
		for i := range members {
			members[i] = grouper.Member{fmt.Sprint(i), untilSignaled}
		}
		for _, newGroup := range []func(os.Signal, grouper.Members) ifrit.Runner{l.parallel, l.ordered} {
			before := goroutinesOf("@")
			group := start(newGroup(terminate, members))
			g.Expect(group.isReady()).To(BeTrue())
			g.Expect(goroutinesOf("@")).To(BeNumerically("<", before+2*n))
			group.signal(interrupt)
			g.Expect(group.exited).To(BeTrue())
		}
	}, deviates},

	{"M1", "a parallel group runs more than 32,767 members", 1, func(g Gomega, l library) {
		members := make(grouper.Members, 32_768)
		for i := range members {
			members[i] = grouper.Member{fmt.Sprint(i), untilSignaled}
		}
		group := start(l.parallel(terminate, members))
		g.Expect(group.isReady()).To(BeTrue())
		group.signal(interrupt)
		g.Expect(group.exited).To(BeTrue())
	}, "panic: reflect.Select: too many cases"},
}

// Every row of the contract's table holds here, and fails on the original.
var _ = Describe("Where the original does otherwise", func() {
	for _, s := range differences {
		It(s.rule+": "+s.name, func() {
			By("this package")
			for range s.times {
				s.run(suite, NewGomega(Fail), ours)
			}
			By("the original")
			output, err := scenarioChild(s.name).CombinedOutput()
			Expect(err).To(HaveOccurred())
			Expect(string(output)).To(ContainSubstring(s.symptom))
		})
	}
})

// A code base may move to this package bit by bit.
var _ = Describe("A tree with groups of both packages", func() {
	It("starts and stops, and returns the traces of both", bubble(func() {
		for _, packages := range [][2]library{{ours, theOriginal}, {theOriginal, ours}} {
			members, runners := crew(2)
			inner := packages[1].ordered(terminate, members[1:])
			group := start(packages[0].parallel(terminate, grouper.Members{members[0], {"inner", inner}}))
			for _, runner := range runners {
				ready(runner)
			}
			Expect(group.isReady()).To(BeTrue())
			group.signal(interrupt)
			Expect(runners[1].Signals()).To(HaveExactElements(interrupt))
			exit(runners[1], errBoom)
			exit(runners[0], nil)
			trace := packages[0].trace(group.err)
			Expect(trace).To(HaveLen(2))
			Expect(lines(packages[1].trace(trace[0].Err)...)).To(HaveExactElements("b: boom"))
		}
	}))
})

func (s scenario) run(t *testing.T, g Gomega, l library) {
	synctest.Test(t, func(*testing.T) {
		s.body(g, l)
	})
}

// scenarioVariable tells a child which scenario to run on the original, or in
// which kind of group a member is to panic.
const scenarioVariable = "GROUPER_TEST_SCENARIO"

func scenarioChild(name string) *exec.Cmd {
	command := child("^TestInChild$")
	command.Env = append(command.Env, scenarioVariable+"="+name)
	return command
}

// TestInChild is for what would take the test's process down.
func TestInChild(t *testing.T) {
	name := os.Getenv(scenarioVariable)
	if name == "" {
		t.Skip("runs in child processes of the specs")
	}
	if kindName, found := strings.CutPrefix(name, "panic in "); found {
		panicIn(kindName)
		fmt.Println("the program went on")
		return
	}
	for _, s := range differences {
		if s.name == name {
			deviation := NewGomega(func(message string, _ ...int) {
				fmt.Printf("%s: %s\n", deviates, message)
				os.Exit(1)
			})
			for range s.times {
				s.run(t, deviation, theOriginal)
			}
		}
	}
}

// panicIn runs a group with a member that panics.
func panicIn(kindName string) {
	for _, kind := range allKinds {
		if kind.name == kindName {
			group := kind.group(terminate, grouper.Members{{"calm", fakes.NewRunner()}, {"panicker", ifrit.RunFunc(panicker)}})
			if kindName != "parallel" && kindName != "dynamic" {
				group = kind.group(terminate, grouper.Members{{"panicker", ifrit.RunFunc(panicker)}})
			}
			<-ifrit.Invoke(group).Wait()
		}
	}
}
