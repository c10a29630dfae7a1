package grouper_test

import (
	"os"
	"sync"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/seed-3b777528/grouper"
	"github.com/tedsuo/ifrit"
)

var _ = Describe("A dynamic group's client", func() {
	Describe("D4: Get", func() {
		It("finds a member as soon as its insert was accepted, and it is the running one", bubble(func() {
			group := startDynamic(nil, 0, 10)
			for _, signal := range numberedUpTo(1000) {
				name := signal.String()
				group.Inserter() <- grouper.Member{name, untilSignaled}
				process, found := group.Get(name)
				Expect(found).To(BeTrue())
				Expect(process).NotTo(BeNil())
			}
			group.signal(interrupt)
			Expect(group.exited).To(BeTrue())
		}))

		It("no longer finds a member once a listener has its exit", bubble(func() {
			group := startDynamic(nil, 0, 20)
			exits := group.ExitListener()
			for range 2000 {
				group.ExitListener() // keeps the group busy after the first has its event
			}
			for range 20 {
				group.Inserter() <- grouper.Member{"flash", leaver}
				<-exits
				process, found := group.Get("flash")
				Expect(found).To(BeFalse())
				Expect(process).To(BeNil())
			}
			group.Close()
		}))

		It("answers false at once for a name that is not there, before the run, during it and after", bubble(func() {
			dynamic := grouper.NewDynamic(nil, 0, 10)
			client := dynamic.Client()
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

		It("finds members by name when called by members", bubble(func() {
			group := startDynamic(nil, 0, 10)
			var found, self bool
			group.Inserter() <- grouper.Member{"self", ifrit.RunFunc(func(<-chan os.Signal, chan<- struct{}) error {
				_, self = group.Get("self")
				_, found = group.Get("missing")
				return nil
			})}
			settle()
			Expect(self).To(BeTrue())
			Expect(found).To(BeFalse())
			group.Close()
		}))

		It("finds each member by its own name, even beside one whose name is empty", bubble(func() {
			group := startDynamic(nil, 0, 10)
			group.Inserter() <- grouper.Member{"", untilSignaled}
			group.Inserter() <- grouper.Member{"a", untilSignaled}
			nameless, _ := group.Get("")
			process, found := group.Get("a")
			Expect(found).To(BeTrue())
			Expect(process).NotTo(BeIdenticalTo(nameless))
			_, found = group.Get("missing")
			Expect(found).To(BeFalse())
			group.signal(interrupt)
			Expect(group.exited).To(BeTrue())
		}))

		// The race detector checks that this is safe.
		It("may be called from any goroutine while members come and go", bubble(func() {
			group := startDynamic(nil, 0, 10)
			group.Inserter() <- grouper.Member{"stayer", untilSignaled}
			var callers sync.WaitGroup
			for range 4 {
				callers.Go(func() {
					for range 1000 {
						_, found := group.Get("stayer")
						Expect(found).To(BeTrue())
					}
				})
			}
			for _, signal := range numberedUpTo(100) {
				group.Inserter() <- grouper.Member{signal.String(), leaver}
			}
			callers.Wait()
			group.signal(interrupt)
			Expect(group.exited).To(BeTrue())
		}))

		It("finds the later one of two members of the same name", bubble(func() {
			group := startDynamic(nil, 0, 10)
			members, runners := crew(1)
			group.Inserter() <- members[0]
			process, _ := group.Get("a")
			exit(runners[0], nil)
			group.Inserter() <- members[0]
			later, found := group.Get("a")
			Expect(found).To(BeTrue())
			Expect(later).NotTo(BeIdenticalTo(process))
			exit(runners[0], nil)
			group.Close()
		}))
	})
})
