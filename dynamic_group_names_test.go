package grouper_test

import (
	"os"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/seed-3b777528/grouper"
	"github.com/tedsuo/ifrit"
)

var _ = Describe("A dynamic group", func() {
	It("D3: does not start a member whose name is in use, and reports it", bubble(func() {
		members, runners := crew(2)
		group := startDynamic(nil, 0, 10)
		entrances, exits := group.EntranceListener(), group.ExitListener()
		members[1].Name = "a"
		group.insert(members...)

		Expect(starts(runners)).To(Equal([]int{1, 0}))
		Expect(exits).To(Receive(Equal(grouper.ExitEvent{members[1], grouper.ErrDuplicateNames{[]string{"a"}}})))
		Expect(entrances).NotTo(Receive())
		Expect(runners[0].Running()).To(BeTrue())
		Expect(runners[0].Signals()).To(BeEmpty())
		process, found := group.Get("a")
		Expect(found).To(BeTrue())
		exit(runners[0], errBoom)
		Expect(process.Wait()).To(Receive(Equal(errBoom)))
		group.Close()
	}))

	It("D3, G4: counts such a member as a failed one", bubble(func() {
		members, runners := crew(2)
		group := startDynamic(terminate, 0, 10)
		members[1].Name = "a"
		group.insert(members...)
		Expect(runners[0].Signals()).To(HaveExactElements(terminate))
		Expect(group.CloseNotifier()).To(BeClosed())
		exitAll(runners...)
		Expect(group.exited).To(BeTrue())
	}))

	It("D3: frees the name with the exit", bubble(func() {
		group := startDynamic(nil, 0, 10)
		for range 3 {
			members, runners := crew(1)
			group.insert(members...)
			Expect(runners[0].Starts()).To(Equal(1))
			exit(runners[0], nil)
		}
		group.Close()
	}))

	// Nil signals keep the loop busy, so that it finds the exit and the next
	// insert at the same time.
	It("D3: frees the name before anyone learns of the exit", bubble(func() {
		dynamic := grouper.NewDynamic(nil, 0, 0)
		client := dynamic.Client()
		exits := client.ExitListener()
		signals, stop := make(chan os.Signal, 100), make(chan struct{})
		defer close(stop)
		go func() {
			for {
				select {
				case signals <- nil:
				case <-stop:
					return
				}
			}
		}()
		go dynamic.Run(signals, nil)
		for range 1000 {
			leave := make(chan struct{})
			client.Inserter() <- grouper.Member{"again", ifrit.RunFunc(func(<-chan os.Signal, chan<- struct{}) error {
				<-leave
				return nil
			})}
			process, found := client.Get("again")
			Expect(found).To(BeTrue())
			exited := process.Wait()
			close(leave)
			<-exited
		}
		client.Close()
		count := 0
		for event := range exits {
			Expect(event.Err).NotTo(HaveOccurred())
			count++
		}
		Expect(count).To(Equal(1000))
	}))
})
