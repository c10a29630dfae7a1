package grouper_test

import (
	"os"
	"slices"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/seed-3b777528/grouper"
	"github.com/seed-3b777528/grouper/fakes"
	"github.com/tedsuo/ifrit"
)

var _ = Describe("Inspect", func() {
	for _, kind := range staticKinds {
		Describe("I9: shows in each place the run there of a group that is "+kind.name, func() {
			var (
				runners []*fakes.Runner
				shared  ifrit.Runner
			)

			// share makes a group of one member. Each of its runs runs the next
			// runner.
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

			It("placed in a group that runs several times at once, which shows the latest run", bubble(func() {
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
})
