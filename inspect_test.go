package grouper_test

import (
	"fmt"
	"os"
	"runtime"
	"slices"
	"sync"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/seed-3b777528/grouper"
	"github.com/seed-3b777528/grouper/fakes"
	"github.com/tedsuo/ifrit"
	"github.com/tedsuo/ifrit/restart"
)

func inspect(group ifrit.Runner) grouper.Status {
	GinkgoHelper()
	status, ok := grouper.Inspect(group)
	Expect(ok).To(BeTrue())
	return status
}

// states returns the group's and its members' states.
func states(group ifrit.Runner) []grouper.State {
	GinkgoHelper()
	status := inspect(group)
	states := []grouper.State{status.State}
	for _, member := range status.Members {
		states = append(states, member.State)
	}
	return states
}

var _ = Describe("Inspect", func() {
	const (
		pending, starting, isReady = grouper.StatePending, grouper.StateStarting, grouper.StateReady
		failed, stopping, exited   = grouper.StateFailed, grouper.StateStopping, grouper.StateExited
	)

	It("I1: knows only the groups of this package", func() {
		for _, other := range []ifrit.Runner{nil, untilSignaled, restart.Restarter{Runner: grouper.NewParallel(nil, nil)}} {
			status, ok := grouper.Inspect(other)
			Expect(ok).To(BeFalse())
			Expect(status).To(BeZero())
		}
	})

	for _, kind := range staticKinds {
		It("I1, I2: tells how far the members of a group have come that is "+kind.name, bubble(func() {
			members, runners := crew(2)
			group := kind.group(nil, members)
			Expect(states(group)).To(HaveExactElements(pending, pending, pending))
			run := start(group)
			Expect(inspect(group).Kind).To(Equal(grouper.Kind(kind.name)))
			ready(runners[0])
			Expect(states(group)).To(HaveExactElements(starting, isReady, starting))
			ready(runners[1])
			Expect(states(group)).To(HaveExactElements(isReady, isReady, isReady))
			exit(runners[0], errBoom)
			Expect(states(group)).To(HaveExactElements(isReady, exited, isReady))
			Expect(inspect(group).Members[0].Err).To(Equal(errBoom))
			Expect(inspect(group).Signal).To(BeNil())
			run.signal(interrupt)
			Expect(states(group)).To(HaveExactElements(stopping, exited, stopping))
			Expect(inspect(group).Signal).To(Equal(interrupt))
			exit(runners[1], nil)
			Expect(states(group)).To(HaveExactElements(exited, exited, exited))
			Expect(inspect(group).Members[1].Err).NotTo(HaveOccurred())
		}))
	}

	It("I2: tells since when, and for how long", bubble(func() {
		members, runners := crew(1)
		group := grouper.NewOrdered(nil, members)
		Expect(inspect(group).Members[0].Since).To(BeZero())
		Expect(inspect(group).Members[0].For).To(BeZero())
		began := time.Now()
		run := start(group)
		for _, next := range []func(){
			func() { ready(runners[0]) },
			func() { run.signal(interrupt) },
			func() { exit(runners[0], nil) },
		} {
			time.Sleep(time.Minute)
			next()
			changed := time.Now()
			time.Sleep(time.Hour)
			status := inspect(group)
			Expect(status.Since).To(BeTemporally("==", changed))
			Expect(status.For).To(Equal(time.Hour))
			Expect(status.Members[0].Since).To(BeTemporally("==", changed))
			Expect(status.Members[0].For).To(Equal(time.Hour))
			Expect(changed).To(BeTemporally(">", began))
		}
	}))

	It("I2: sees a member ready whose group waits for an earlier one", bubble(func() {
		members, runners := crew(3)
		group := grouper.NewParallel(nil, members)
		start(group)
		ready(runners[2])
		Expect(states(group)).To(HaveExactElements(starting, starting, starting, isReady))
		Expect(inspect(group).WaitingFor()).To(HaveExactElements("a", "b"))
		exitAll(runners...)
	}))

	It("I2: tells of a start-up that is over (G5)", bubble(func() {
		members, runners := crew(3)
		group := grouper.NewOrdered(nil, members)
		start(group)
		ready(runners[0])
		time.Sleep(time.Minute)
		exit(runners[1], errBoom)
		failure := time.Now()
		time.Sleep(time.Hour)
		Expect(states(group)).To(HaveExactElements(failed, isReady, exited, pending))
		Expect(inspect(group).Since).To(BeTemporally("==", failure))
		Expect(inspect(group).For).To(Equal(time.Hour))
		Expect(inspect(group).WaitingFor()).To(BeEmpty())
		exit(runners[0], nil)
		Expect(states(group)).To(HaveExactElements(exited, exited, exited, pending))
	}))

	It("I2: lists the running members of a dynamic group, in the order of their inserts", bubble(func() {
		group := grouper.NewDynamic(nil, 0, 0)
		Expect(states(group)).To(HaveExactElements(pending))
		start(group)
		members, runners := crew(3)
		for _, i := range []int{2, 0, 1} {
			time.Sleep(time.Second)
			group.Client().Inserter() <- members[i]
			settle()
		}
		ready(runners[1])
		exit(runners[0], nil)
		status := inspect(group)
		Expect(status.Kind).To(Equal(grouper.KindDynamic))
		Expect([]string{status.Members[0].Name, status.Members[1].Name}).To(HaveExactElements("c", "b"))
		Expect(states(group)).To(HaveExactElements(isReady, starting, isReady))
		Expect(status.WaitingFor()).To(BeEmpty())
		Expect(status.Closed).To(BeFalse())
		group.Client().Close()
		status = inspect(group)
		Expect(status.Closed).To(BeTrue())
		Expect(status.WaitingFor()).To(HaveExactElements("c", "b"))
		Expect(status.String()).To(ContainSubstring("closed"))
		exitAll(runners...)
		Expect(states(group)).To(HaveExactElements(exited))
	}))

	It("I2: tells of groups in groups, of each in its latest run", bubble(func() {
		members, runners := crew(3)
		inner := grouper.NewOrdered(nil, members[1:])
		outer := grouper.NewOrdered(nil, grouper.Members{members[0], {"inner", inner}})
		innerStates := func() []grouper.State {
			group := *inspect(outer).Members[1].Group
			return []grouper.State{group.State, group.Members[0].State, group.Members[1].State}
		}
		Expect(innerStates()).To(HaveExactElements(pending, pending, pending))
		start(outer)
		ready(runners[0])
		ready(runners[1])
		Expect(innerStates()).To(HaveExactElements(starting, isReady, starting))
		exitAll(runners...)
		Expect(innerStates()).To(HaveExactElements(exited, exited, exited))

		start(outer) // S2
		Expect(innerStates()).To(HaveExactElements(pending, pending, pending))
		Expect(states(inner)).To(HaveExactElements(exited, exited, exited))
		exitAll(runners...)
	}))

	It("I2: lists members that were inserted in one moment in the order of their inserts", bubble(func() {
		group := grouper.NewDynamic(nil, 0, 0)
		start(group)
		members, runners := crew(10)
		slices.Reverse(members)
		var names []string
		for _, member := range members {
			group.Client().Inserter() <- member
			names = append(names, member.Name)
		}
		settle()
		var listed []string
		for _, member := range inspect(group).Members {
			listed = append(listed, member.Name)
		}
		Expect(listed).To(Equal(names))
		group.Client().Close()
		exitAll(runners...)
	}))

	// In a bubble the time is before any that is taken outside of one.
	It("I2: tells of a group that has run that it is pending, as a member that is", func() {
		inner := grouper.NewParallel(nil, grouper.Members{{"nobody", nil}})
		outer := grouper.NewOrdered(nil, grouper.Members{{"inner", inner}})
		<-ifrit.Background(inner).Wait()
		Expect(states(inner)).To(HaveExactElements(exited, exited))
		Expect(inspect(outer).Members[0].Group.State).To(Equal(pending))
	})

	It("I2: tells of a dynamic group that it is pending, as a member that it refused to run as (D10)", bubble(func() {
		inner := grouper.NewDynamic(nil, 0, 0)
		inner.Client().Close()
		outer := grouper.NewParallel(nil, grouper.Members{{"inner", inner}})
		start(outer)
		Expect(inspect(outer).Members[0].Group.State).To(Equal(exited))
		time.Sleep(time.Second)
		start(outer)
		Expect(inspect(outer).Members[0].Err).To(HaveOccurred())
		Expect(inspect(outer).Members[0].Group.State).To(Equal(pending))
	}))

	It("I2, I6: is exact about a member that was ready before an earlier one", bubble(func() {
		members, runners := crew(2)
		group := grouper.NewParallel(nil, members)
		start(group)
		defer exitAll(runners...)
		ready(runners[1])
		fast := time.Now()
		time.Sleep(300 * time.Millisecond)
		ready(runners[0])
		slow := time.Now()
		time.Sleep(time.Second)
		status := inspect(group)
		Expect(status.Members[0].Since).To(BeTemporally("==", slow))
		Expect(status.Members[1].Since).To(BeTemporally("==", fast))
		Expect(status.Since).To(BeTemporally("==", slow))
	}))

	for first := range 4 {
		It(fmt.Sprintf("I6: is exact about four members that are slow to start, member %d the first", first), bubble(func() {
			members, runners := crew(4)
			group := grouper.NewParallel(nil, members)
			start(group)
			defer exitAll(runners...)
			var when [4]time.Time
			for i := range runners {
				time.Sleep(time.Second)
				at := (first + i) % len(runners)
				ready(runners[at])
				when[at] = time.Now()
			}
			time.Sleep(time.Second)
			for i, member := range inspect(group).Members {
				Expect(member.Times.Ready).To(BeTemporally("==", when[i]), member.Name)
			}
		}))
	}

	// Members start while Inspect looks at them.
	It("I2: has no age below zero", func() {
		members := make(grouper.Members, 1000)
		for i := range members {
			members[i] = grouper.Member{fmt.Sprint(i), untilSignaled}
		}
		least := time.Duration(0)
		for range 5 {
			group := grouper.NewOrdered(nil, members)
			process := ifrit.Background(group)
			for status := inspect(group); status.State != isReady; status = inspect(group) {
				for _, member := range status.Members {
					least = min(least, member.For)
				}
				least = min(least, status.For)
			}
			process.Signal(interrupt)
			<-process.Wait()
		}
		Expect(least).To(BeZero())
	})

	for _, kind := range staticKinds {
		Describe("I9: shows in each place the run there of a group that is "+kind.name, func() {
			var (
				runners []*fakes.Runner
				shared  ifrit.Runner
			)

			// share makes a group of one member, each run of which is the next
			// runner's.
			share := func() {
				_, runners = crew(2)
				next := 0
				shared = kind.group(nil, grouper.Members{{"member", ifrit.RunFunc(func(signals <-chan os.Signal, ready chan<- struct{}) error {
					next++
					return runners[next-1].Run(signals, ready)
				})}})
			}

			memberAt := func(parent ifrit.Runner, name string) grouper.MemberStatus {
				GinkgoHelper()
				members := inspect(parent).Members
				i := slices.IndexFunc(members, func(member grouper.MemberStatus) bool { return member.Name == name })
				Expect(i).NotTo(Equal(-1))
				return members[i]
			}

			statesAt := func(parent ifrit.Runner, name string) []grouper.State {
				GinkgoHelper()
				group := memberAt(parent, name).Group
				return []grouper.State{group.State, group.Members[0].State}
			}

			It("placed in two groups", bubble(func() {
				share()
				one := grouper.NewParallel(nil, grouper.Members{{"shared", shared}})
				other := grouper.NewParallel(nil, grouper.Members{{"shared", shared}})
				first := start(one)
				defer func() { exitAll(runners...) }()
				time.Sleep(time.Minute)
				second := start(other)
				time.Sleep(time.Minute)
				Expect(memberAt(one, "shared").Group.For).To(Equal(2 * time.Minute))
				Expect(memberAt(other, "shared").Group.For).To(Equal(time.Minute))
				ready(runners[0])
				Expect(statesAt(one, "shared")).To(HaveExactElements(isReady, isReady))
				Expect(statesAt(other, "shared")).To(HaveExactElements(starting, starting))

				first.signal(interrupt)
				Expect(statesAt(one, "shared")).To(HaveExactElements(stopping, stopping))
				Expect(memberAt(one, "shared").Group.Signal).To(Equal(interrupt))
				Expect(inspect(one).WaitingFor()).To(HaveExactElements("shared/member"))
				Expect(statesAt(other, "shared")).To(HaveExactElements(starting, starting))
				Expect(memberAt(other, "shared").Group.Signal).To(BeNil())

				exit(runners[0], errBoom)
				Expect(statesAt(one, "shared")).To(HaveExactElements(exited, exited))
				Expect(memberAt(one, "shared").Group.Members[0].Err).To(Equal(errBoom))
				Expect(statesAt(other, "shared")).To(HaveExactElements(starting, starting))

				second.signal(terminate)
				exit(runners[1], nil)
				Expect(statesAt(other, "shared")).To(HaveExactElements(exited, exited))
				Expect(memberAt(other, "shared").Group.Members[0].Err).NotTo(HaveOccurred())
				Expect(memberAt(one, "shared").Group.Members[0].Err).To(Equal(errBoom))
				Expect(memberAt(one, "shared").Group.Signal).To(Equal(interrupt))
			}))

			It("placed twice in a static group", bubble(func() {
				share()
				parent := grouper.NewOrdered(nil, grouper.Members{{"one", shared}, {"other", shared}})
				start(parent)
				defer func() { exitAll(runners...) }()
				Expect(statesAt(parent, "one")).To(HaveExactElements(starting, starting))
				Expect(statesAt(parent, "other")).To(HaveExactElements(pending, pending))
				ready(runners[0])
				Expect(statesAt(parent, "one")).To(HaveExactElements(isReady, isReady))
				Expect(statesAt(parent, "other")).To(HaveExactElements(starting, starting))
				Expect(inspect(parent).WaitingFor()).To(HaveExactElements("other/member"))
				Expect(labels()).To(And(HaveKeyWithValue("one/member", 1), HaveKeyWithValue("other/member", 1)))
				exit(runners[0], errBoom)
				Expect(statesAt(parent, "one")).To(HaveExactElements(exited, exited))
				Expect(statesAt(parent, "other")).To(HaveExactElements(starting, starting))
			}))

			It("placed twice in a dynamic group", bubble(func() {
				share()
				parent := grouper.NewDynamic(nil, 0, 0)
				start(parent)
				defer func() {
					parent.Client().Close()
					exitAll(runners...)
				}()
				for _, name := range []string{"one", "other"} {
					parent.Client().Inserter() <- grouper.Member{name, shared}
					settle()
				}
				ready(runners[0])
				Expect(statesAt(parent, "one")).To(HaveExactElements(isReady, isReady))
				Expect(statesAt(parent, "other")).To(HaveExactElements(starting, starting))
				exit(runners[1], nil)
				Expect(statesAt(parent, "one")).To(HaveExactElements(isReady, isReady))
			}))

			It("placed in a group that runs several times at once, which shows the run that began last", bubble(func() {
				share()
				_, gates := crew(2)
				next := 0
				gate := ifrit.RunFunc(func(signals <-chan os.Signal, ready chan<- struct{}) error {
					next++
					return gates[next-1].Run(signals, ready)
				})
				parent := grouper.NewOrdered(nil, grouper.Members{{"gate", gate}, {"shared", shared}})
				start(parent)
				start(parent)
				defer func() {
					exitAll(gates...)
					exitAll(runners...)
				}()
				ready(gates[1])
				Expect(statesAt(parent, "shared")).To(HaveExactElements(starting, starting))
				ready(runners[0])
				Expect(statesAt(parent, "shared")).To(HaveExactElements(isReady, isReady))
				ready(gates[0]) // in the earlier run, shared begins last
				Expect(statesAt(parent, "shared")).To(HaveExactElements(isReady, isReady))
			}))
		})
	}

	It("I9, D10: shows no run of a dynamic group in a place where it refused to run", bubble(func() {
		shared := grouper.NewDynamic(nil, 0, 0)
		parent := grouper.NewParallel(nil, grouper.Members{{"one", shared}, {"other", shared}})
		run := start(parent)
		defer run.signal(interrupt)
		for _, member := range inspect(parent).Members {
			if member.State == exited {
				Expect(member.Group.State).To(Equal(pending))
			} else {
				Expect(member.Group.State).To(Equal(isReady))
			}
		}
	}))

	// The race detector reports it, too.
	for _, kind := range staticKinds {
		It("I2, S4: reads no members that may be changed, of a pending group that has run before and is "+kind.name, bubble(func() {
			leaf := grouper.Members{{"leaf", untilSignaled}}
			members := grouper.Members{{"member", kind.group(nil, leaf)}}
			inner := kind.group(nil, members)
			gate := fakes.NewRunner()
			outer := grouper.NewOrdered(nil, grouper.Members{{"gate", gate}, {"inner", inner}})
			run := start(outer)
			ready(gate)
			run.signal(interrupt)
			exitAll(gate)
			Expect(run.exited).To(BeTrue())

			run = start(outer)
			defer func() {
				run.signal(interrupt)
				exitAll(gate)
			}()
			go func() {
				leaf[0] = grouper.Member{"changed", nil}
				members[0] = grouper.Member{"changed", nil}
			}()
			inspect(outer)
			settle()
			group := inspect(outer).Members[1].Group
			Expect(group.State).To(Equal(pending))
			Expect(group.Members).To(HaveExactElements(HaveField("Name", "member")))
			Expect(group.Members[0].Group.Members).To(HaveExactElements(HaveField("Name", "leaf")))
		}))
	}

	// The race detector checks that this is safe.
	for _, kind := range allKinds {
		It("I1: may be called by anyone while members start and exit in a group that is "+kind.name, func() {
			members := make(grouper.Members, 100)
			for i := range members {
				members[i] = grouper.Member{fmt.Sprint(i), untilSignaled}
			}
			group, begin := inspectable(kind, members)
			var callers sync.WaitGroup
			for range 2 {
				callers.Go(func() {
					for status, _ := grouper.Inspect(group); status.State != exited; status, _ = grouper.Inspect(group) {
						runtime.Gosched()
					}
				})
			}
			process := begin()
			process.Signal(interrupt)
			Eventually(process.Wait()).WithTimeout(forever).Should(Receive())
			callers.Wait()
		})
	}

	It("I1: takes nothing from a member that sends on its ready channel", bubble(func() {
		sender := ifrit.RunFunc(func(signals <-chan os.Signal, ready chan<- struct{}) error {
			<-signals
			ready <- struct{}{}
			<-signals
			return nil
		})
		group := grouper.NewParallel(nil, grouper.Members{{"a", sender}, {"b", untilSignaled}})
		process := start(group)
		inspect(group)
		process.signal(interrupt) // stops b, and shuts the group down
		inspect(group)
		settle()
		process.signal(interrupt)
		Expect(process.exited).To(BeTrue())
	}))
})

// inspectable makes a group of any kind that is not inside of another runner,
// and what starts it and its members.
func inspectable(kind kind, members grouper.Members) (ifrit.Runner, func() ifrit.Process) {
	if kind.name != "dynamic" {
		group := kind.group(nil, members)
		return group, func() ifrit.Process { return ifrit.Invoke(group) }
	}
	group := grouper.NewDynamic(nil, 0, 0)
	return group, func() ifrit.Process {
		process := ifrit.Invoke(group)
		for _, member := range members {
			group.Client().Inserter() <- member
		}
		return process
	}
}
