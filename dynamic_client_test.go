package grouper_test

import (
	"os"
	"sync"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/seed-3b777528/grouper"
	"github.com/seed-3b777528/grouper/fakes"
	"github.com/tedsuo/ifrit"
)

// The rules of dynamic groups (D) that are about their client.
var _ = Describe("A dynamic group's client", func() {
	var (
		dynamic grouper.DynamicGroup
		client  grouper.DynamicClient
	)

	BeforeEach(func() {
		dynamic = nil
	})

	// create makes a group that is not run yet.
	create := func() {
		dynamic = grouper.NewDynamic(nil, 0, 10)
		client = dynamic.Client()
	}

	It("is the same each time, as are its inserter and close notifier", bubble(func() {
		create()
		Expect(dynamic.Client()).To(BeIdenticalTo(client))
		Expect(client.Inserter()).To(BeIdenticalTo(client.Inserter()))
		Expect(client.CloseNotifier()).To(BeIdenticalTo(client.CloseNotifier()))
		Expect(cap(client.Inserter())).To(BeZero())
	}))

	Describe("D2: an insert", func() {
		It("is accepted only once the group runs", bubble(func() {
			create()
			accepted := false
			go func() {
				client.Inserter() <- grouper.Member{"early", untilSignaled}
				accepted = true
			}()
			settle()
			Expect(accepted).To(BeFalse())
			group := start(dynamic)
			Expect(accepted).To(BeTrue())
			group.signal(interrupt)
			Expect(group.exited).To(BeTrue())
		}))

		It("is never accepted after the group has exited", bubble(func() {
			create()
			group := start(dynamic)
			group.signal(interrupt)
			Expect(group.exited).To(BeTrue())
			Expect(client.Inserter()).NotTo(BeSent(grouper.Member{"late", untilSignaled}))
		}))
	})

	Describe("D4: Get", func() {
		It("finds a member as soon as its insert was accepted, and it is the running one", bubble(func() {
			create()
			group := start(dynamic)
			for _, signal := range numberedUpTo(1000) {
				name := signal.String()
				client.Inserter() <- grouper.Member{name, untilSignaled}
				process, found := client.Get(name)
				Expect(found).To(BeTrue())
				Expect(process).NotTo(BeNil())
			}
			group.signal(interrupt)
			Expect(group.exited).To(BeTrue())
		}))

		It("does not find a member any more once a listener has its exit", bubble(func() {
			dynamic = grouper.NewDynamic(nil, 0, 20)
			client = dynamic.Client()
			start(dynamic)
			exits := client.ExitListener()
			for range 2000 {
				client.ExitListener() // keeps the group busy after the first has its event
			}
			for range 20 {
				client.Inserter() <- grouper.Member{"flash", ifrit.RunFunc(func(<-chan os.Signal, chan<- struct{}) error { return nil })}
				<-exits
				process, found := client.Get("flash")
				Expect(found).To(BeFalse())
				Expect(process).To(BeNil())
			}
			client.Close()
		}))

		It("answers false at once for a name that is not there, before the run, during it and after", bubble(func() {
			create()
			missing := func() {
				GinkgoHelper()
				process, found := client.Get("missing")
				Expect(found).To(BeFalse())
				Expect(process).To(BeNil())
			}
			missing()
			group := start(dynamic)
			missing()
			group.signal(interrupt)
			Expect(group.exited).To(BeTrue())
			missing()
		}))

		It("finds members by name from inside of members", bubble(func() {
			create()
			start(dynamic)
			var found, self bool
			client.Inserter() <- grouper.Member{"self", ifrit.RunFunc(func(<-chan os.Signal, chan<- struct{}) error {
				_, self = client.Get("self")
				_, found = client.Get("missing")
				return nil
			})}
			settle()
			Expect(self).To(BeTrue())
			Expect(found).To(BeFalse())
			client.Close()
		}))

		It("finds each member by its own name, also beside one whose name is empty", bubble(func() {
			create()
			group := start(dynamic)
			client.Inserter() <- grouper.Member{"", untilSignaled}
			client.Inserter() <- grouper.Member{"a", untilSignaled}
			nameless, _ := client.Get("")
			process, found := client.Get("a")
			Expect(found).To(BeTrue())
			Expect(process).NotTo(BeIdenticalTo(nameless))
			_, found = client.Get("missing")
			Expect(found).To(BeFalse())
			group.signal(interrupt)
			Expect(group.exited).To(BeTrue())
		}))

		// The race detector checks that this is safe.
		It("may be called by anyone while members come and go", bubble(func() {
			create()
			group := start(dynamic)
			client.Inserter() <- grouper.Member{"stayer", untilSignaled}
			var callers sync.WaitGroup
			for range 4 {
				callers.Go(func() {
					for range 1000 {
						_, found := client.Get("stayer")
						Expect(found).To(BeTrue())
					}
				})
			}
			for _, signal := range numberedUpTo(100) {
				client.Inserter() <- grouper.Member{signal.String(), ifrit.RunFunc(func(<-chan os.Signal, chan<- struct{}) error { return nil })}
			}
			callers.Wait()
			group.signal(interrupt)
			Expect(group.exited).To(BeTrue())
		}))

		It("finds the later one of two members of the same name", bubble(func() {
			create()
			start(dynamic)
			members, runners := crew(1)
			client.Inserter() <- members[0]
			process, _ := client.Get("a")
			exit(runners[0], nil)
			client.Inserter() <- members[0]
			later, found := client.Get("a")
			Expect(found).To(BeTrue())
			Expect(later).NotTo(BeIdenticalTo(process))
			exit(runners[0], nil)
			client.Close()
		}))
	})

	Describe("D6: Close", func() {
		It("may be called before the run, which then is over at once", bubble(func() {
			create()
			client.Close()
			client.Close()
			Expect(client.CloseNotifier()).To(BeClosed())
			group := start(dynamic)
			Expect(group.isReady()).To(BeTrue())
			Expect(group.exited).To(BeTrue())
			Expect(group.err).NotTo(HaveOccurred())
		}))

		It("may be called after the run", bubble(func() {
			create()
			group := start(dynamic)
			group.signal(interrupt)
			client.Close()
			Expect(group.exited).To(BeTrue())
		}))

		It("may be called from inside of a member", bubble(func() {
			create()
			group := start(dynamic)
			client.Inserter() <- grouper.Member{"closer", ifrit.RunFunc(func(<-chan os.Signal, chan<- struct{}) error {
				client.Close()
				return nil
			})}
			settle()
			Expect(group.exited).To(BeTrue())
		}))

		It("may be called by anyone, repeatedly, and at the same time as Run", func() {
			for range 200 {
				bubble(func() {
					create()
					var callers sync.WaitGroup
					for range 4 {
						callers.Go(func() {
							client.Close()
							Expect(client.CloseNotifier()).To(BeClosed())
						})
					}
					group := start(dynamic)
					callers.Wait()
					settle()
					Expect(group.exited).To(BeTrue())
				})()
			}
		})

		It("lets no insert be accepted once it has returned", func() {
			for range 200 {
				bubble(func() {
					create()
					start(dynamic)
					client.Close()
					Expect(client.CloseNotifier()).To(BeClosed())
					accepted := false
					abandon := make(chan struct{})
					go func() {
						select {
						case client.Inserter() <- grouper.Member{"late", untilSignaled}:
							accepted = true
						case <-abandon:
						}
					}()
					settle()
					Expect(accepted).To(BeFalse())
					close(abandon)
				})()
			}
		})

		It("leaves the members alone", bubble(func() {
			create()
			group := start(dynamic)
			runner := fakes.NewRunner()
			client.Inserter() <- grouper.Member{"a", runner}
			client.Close()
			settle()
			Expect(runner.Running()).To(BeTrue())
			Expect(runner.Signals()).To(BeEmpty())
			exit(runner, nil)
			Expect(group.exited).To(BeTrue())
		}))

		It("happens when the inserter channel is closed", bubble(func() {
			create()
			group := start(dynamic)
			runner := fakes.NewRunner()
			client.Inserter() <- grouper.Member{"a", runner}
			close(client.Inserter())
			settle()
			Expect(client.CloseNotifier()).To(BeClosed())
			Expect(group.exited).To(BeFalse())
			exit(runner, nil)
			Expect(group.exited).To(BeTrue())
		}))

		It("is all that happens when the inserter channel is closed", bubble(func() {
			create()
			entrances, exits := client.EntranceListener(), client.ExitListener()
			close(client.Inserter())
			Expect(start(dynamic).err).NotTo(HaveOccurred())
			Expect(entrances).To(BeClosed())
			Expect(exits).To(BeClosed())
		}))

		It("happens when the inserter channel was closed before the run", bubble(func() {
			create()
			close(client.Inserter())
			Expect(start(dynamic).exited).To(BeTrue())
		}))

		It("happens when the inserter channel of a full group is closed and a member leaves", bubble(func() {
			dynamic = grouper.NewDynamic(nil, 1, 0)
			client = dynamic.Client()
			group := start(dynamic)
			runner := fakes.NewRunner()
			client.Inserter() <- grouper.Member{"a", runner}
			close(client.Inserter())
			exit(runner, nil)
			Expect(group.exited).To(BeTrue())
		}))
	})

	It("can be stood in for by a fake", func() {
		fake := new(fakes.FakeDynamicGroup)
		fakeClient := new(fakes.FakeDynamicClient)
		fake.ClientReturns(fakeClient)
		inserter := make(chan grouper.Member, 1)
		fakeClient.InserterReturns(inserter)

		var group grouper.DynamicGroup = fake
		group.Client().Inserter() <- grouper.Member{"a", nil}
		group.Client().Close()
		Expect(inserter).To(Receive(Equal(grouper.Member{"a", nil})))
		Expect(fakeClient.CloseCallCount()).To(Equal(1))
	})
})
