package grouper_test

import (
	"os"
	"strconv"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/seed-3b777528/grouper"
	"github.com/tedsuo/ifrit"
)

// The rules of dynamic groups (D) that are about the group.
var _ = Describe("A dynamic group", func() {
	var (
		dynamic grouper.DynamicGroup
		client  grouper.DynamicClient
		group   *run
	)

	begin := func(termination os.Signal, capacity int) {
		dynamic = grouper.NewDynamic(termination, capacity, 10)
		group, client = start(dynamic), dynamic.Client()
	}

	insert := func(members ...grouper.Member) {
		for _, member := range members {
			client.Inserter() <- member
			settle()
		}
	}

	// offer inserts a member as soon as the group accepts it.
	offer := func(member grouper.Member) (accepted *bool) {
		accepted = new(bool)
		go func() {
			select {
			case client.Inserter() <- member:
				*accepted = true
			case <-client.CloseNotifier():
			}
		}()
		settle()
		return accepted
	}

	for _, capacity := range []int{0, 1, 2} {
		It("D1: is ready as soon as it runs, and runs until it is closed, also empty", bubble(func() {
			members, runners := crew(2)
			begin(nil, capacity)
			Expect(group.isReady()).To(BeTrue())
			for i, member := range members {
				insert(member)
				exit(runners[i], nil)
				Expect(group.exited).To(BeFalse())
			}
			client.Close()
			settle()
			Expect(group.exited).To(BeTrue())
		}))
	}

	It("D1: runs on after it was closed, until the last member has exited", bubble(func() {
		members, runners := crew(2)
		begin(nil, 0)
		insert(members...)
		client.Close()
		exit(runners[0], nil)
		Expect(group.exited).To(BeFalse())
		exit(runners[1], nil)
		Expect(group.exited).To(BeTrue())
	}))

	It("D2: accepts a member when fewer than its capacity run", bubble(func() {
		members, runners := crew(4)
		begin(nil, 2)
		insert(members[:2]...)
		third, fourth := offer(members[2]), offer(members[3])
		Expect(starts(runners)).To(Equal([]int{1, 1, 0, 0}))
		exit(runners[0], nil)
		Expect(*third != *fourth).To(BeTrue(), "one of two was to be accepted")
		exit(runners[1], nil)
		Expect(*third && *fourth).To(BeTrue())
		client.Close()
		exitAll(runners...)
	}))

	for _, capacity := range []int{0, -1} {
		It("D2: has no limit at a capacity of 0 or less", bubble(func() {
			members, runners := crew(26)
			begin(nil, capacity)
			insert(members...)
			Expect(starts(runners)).To(HaveEach(1))
			client.Close()
			exitAll(runners...)
			Expect(group.exited).To(BeTrue())
		}))
	}

	It("D3: does not start a member whose name is in use, and reports it", bubble(func() {
		members, runners := crew(2)
		begin(nil, 0)
		entrances, exits := client.EntranceListener(), client.ExitListener()
		members[1].Name = "a"
		insert(members...)

		Expect(starts(runners)).To(Equal([]int{1, 0}))
		Expect(exits).To(Receive(Equal(grouper.ExitEvent{members[1], grouper.ErrDuplicateNames{[]string{"a"}}})))
		Expect(entrances).NotTo(Receive())
		Expect(runners[0].Running()).To(BeTrue())
		Expect(runners[0].Signals()).To(BeEmpty())
		process, found := client.Get("a")
		Expect(found).To(BeTrue())
		exit(runners[0], errBoom)
		Expect(process.Wait()).To(Receive(Equal(errBoom)))
		client.Close()
	}))

	It("D3, G4: takes such a member for a failed one", bubble(func() {
		members, runners := crew(2)
		begin(terminate, 0)
		members[1].Name = "a"
		insert(members...)
		Expect(runners[0].Signals()).To(HaveExactElements(terminate))
		Expect(client.CloseNotifier()).To(BeClosed())
		exitAll(runners...)
		Expect(group.exited).To(BeTrue())
	}))

	It("D3: frees the name with the exit", bubble(func() {
		begin(nil, 0)
		for range 3 {
			members, runners := crew(1)
			insert(members...)
			Expect(runners[0].Starts()).To(Equal(1))
			exit(runners[0], nil)
		}
		client.Close()
	}))

	// Nil signals keep the loop from waiting for the exit: it finds it there
	// together with the next insert.
	It("D3: frees the name for whoever learns of the exit", bubble(func() {
		dynamic = grouper.NewDynamic(nil, 0, 0)
		client = dynamic.Client()
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

	It("G1, D5: has a member without a runner enter and exit with ErrNilRunner", bubble(func() {
		begin(nil, 0)
		entrances, exits := client.EntranceListener(), client.ExitListener()
		insert(grouper.Member{"nobody", nil})
		var entrance grouper.EntranceEvent
		Expect(entrances).To(Receive(&entrance))
		Expect(entrance.Process.Ready()).NotTo(BeClosed())
		Expect(entrance.Process.Wait()).To(Receive(MatchError(grouper.ErrNilRunner)))
		Expect(exits).To(Receive(Equal(grouper.ExitEvent{grouper.Member{"nobody", nil}, grouper.ErrNilRunner})))
		client.Close()
	}))

	It("D5: has a member that exits before it is ready enter just before its exit", bubble(func() {
		members, runners := crew(1)
		begin(nil, 0)
		entrances, exits := client.EntranceListener(), client.ExitListener()
		insert(members...)
		Expect(entrances).NotTo(Receive())
		exit(runners[0], errBoom)
		Expect(entrances).To(Receive(HaveField("Member.Name", "a")))
		Expect(exits).To(Receive(HaveField("Err", errBoom)))
		Expect(entrances).NotTo(Receive())
		client.Close()
	}))

	It("D5: has a member that is ready and exits at once enter once", bubble(func() {
		begin(nil, 0)
		entrances := client.EntranceListener()
		for range 200 {
			insert(grouper.Member{"flash", ifrit.RunFunc(func(_ <-chan os.Signal, ready chan<- struct{}) error {
				close(ready)
				return nil
			})})
			Expect(entrances).To(Receive(HaveField("Member.Name", "flash")))
			Expect(entrances).NotTo(Receive())
		}
		client.Close()
	}))

	It("D5: has a member that is ready at once enter while it runs", bubble(func() {
		begin(nil, 0)
		entrances := client.EntranceListener()
		for i := range 100 {
			insert(grouper.Member{strconv.Itoa(i), untilSignaled})
			Expect(entrances).To(Receive(HaveField("Member.Name", strconv.Itoa(i))))
			Expect(entrances).NotTo(Receive())
		}
		group.signal(interrupt)
	}))

	It("D5: waits for a member's readiness with one goroutine, whatever happens meanwhile", bubble(func() {
		members, runners := crew(1)
		begin(nil, 0)
		insert(members...)
		before := goroutines()
		for range 10 {
			client.Get("nobody")
			settle()
		}
		Expect(goroutines()).To(Equal(before))
		client.Close()
		exitAll(runners...)
	}))

	It("G9: leaves no goroutine behind when its last member is ready and exits at once", func() {
		for range 200 {
			bubble(func() {
				leave := make(chan struct{})
				begin(nil, 0)
				insert(grouper.Member{"flash", ifrit.RunFunc(func(_ <-chan os.Signal, ready chan<- struct{}) error {
					<-leave
					close(ready)
					return nil
				})})
				client.Close()
				settle()
				close(leave)
				settle()
				Expect(group.exited).To(BeTrue())
			})()
		}
	})

	It("D7: closes when it is signaled, and passes on that signal and every later one", bubble(func() {
		members, runners := crew(2)
		begin(nil, 0)
		insert(members...)
		group.signal(interrupt)
		Expect(client.CloseNotifier()).To(BeClosed())
		group.signal(interrupt)
		exit(runners[0], nil)
		group.signal(terminate)
		Expect(runners[0].Signals()).To(HaveExactElements(interrupt, interrupt))
		Expect(runners[1].Signals()).To(HaveExactElements(interrupt, interrupt, terminate))
		Expect(group.exited).To(BeFalse())
		exit(runners[1], nil)
		Expect(group.exited).To(BeTrue())
	}))

	It("D7: exits on its first signal when nothing runs in it", bubble(func() {
		begin(terminate, 0)
		group.signal(nil)
		Expect(group.exited).To(BeFalse())
		group.signal(interrupt)
		Expect(group.exited).To(BeTrue())
	}))

	It("D7: hands signals on after it was closed", bubble(func() {
		members, runners := crew(1)
		begin(nil, 0)
		insert(members...)
		client.Close()
		group.signal(interrupt)
		Expect(runners[0].Signals()).To(HaveExactElements(interrupt))
		exitAll(runners...)
	}))

	It("D7: signals every member that it accepted, however close the insert was", func() {
		for range 200 {
			bubble(func() {
				begin(nil, 0)
				accepted := false
				go func() {
					select {
					case client.Inserter() <- grouper.Member{"late", untilSignaled}:
						accepted = true
					case <-client.CloseNotifier():
					}
				}()
				group.signal(interrupt)
				Expect(group.exited).To(BeTrue())
				var entered []string
				for event := range client.EntranceListener() {
					entered = append(entered, event.Member.Name)
				}
				Expect(entered != nil).To(Equal(accepted))
			})()
		}
	})

	It("D8, G4: closes and signals the members with its termination signal when one exits", bubble(func() {
		members, runners := crew(3)
		begin(terminate, 2)
		insert(members[:2]...)
		third := offer(members[2])
		exit(runners[0], nil)
		Expect(client.CloseNotifier()).To(BeClosed())
		Expect(*third).To(BeFalse())
		Expect(runners[1].Signals()).To(HaveExactElements(terminate))
		exitAll(runners...)
		Expect(group.exited).To(BeTrue())
	}))

	It("D8, G4: signals with its termination signal after it was closed too", bubble(func() {
		members, runners := crew(2)
		begin(terminate, 0)
		insert(members...)
		client.Close()
		exit(runners[0], nil)
		Expect(runners[1].Signals()).To(HaveExactElements(terminate))
		exitAll(runners...)
	}))

	It("D9: returns nil, whatever its members return, with every event handed over", bubble(func() {
		members, runners := crew(2)
		begin(nil, 0)
		exits := client.ExitListener()
		insert(members...)
		exit(runners[0], errBoom)
		exit(runners[1], errBoom)
		client.Close()
		settle()
		Expect(group.exited).To(BeTrue())
		Expect(group.err).NotTo(HaveOccurred())
		Expect(exits).To(Receive(HaveField("Err", errBoom)))
		Expect(exits).To(Receive(HaveField("Err", errBoom)))
		Expect(exits).To(BeClosed())
	}))

	It("D10: refuses a second run, at the same time or later, and is not disturbed", bubble(func() {
		members, runners := crew(1)
		begin(nil, 0)
		insert(members...)
		for range 2 {
			second := start(dynamic)
			Expect(second.err).To(MatchError(ContainSubstring("runs only once")))
			Expect(second.isReady()).To(BeFalse())
		}
		Expect(group.exited).To(BeFalse())
		exit(runners[0], nil)
		client.Close()
		settle()
		Expect(group.exited).To(BeTrue())
		Expect(start(dynamic).err).To(MatchError(ContainSubstring("runs only once")))
	}))

	It("D10: refuses a second run after it was closed before the first", bubble(func() {
		dynamic := grouper.NewDynamic(nil, 0, 0)
		dynamic.Client().Close()
		Expect(start(dynamic).err).NotTo(HaveOccurred())
		Expect(start(dynamic).err).To(HaveOccurred())
	}))

	It("runs inside of other groups", bubble(func() {
		workers := grouper.NewDynamic(terminate, 0, 0)
		group := start(grouper.NewOrdered(terminate, grouper.Members{
			{"outer", grouper.NewParallel(terminate, grouper.Members{{"workers", workers}})},
			{"last", untilSignaled},
		}))
		Expect(group.isReady()).To(BeTrue())
		workers.Client().Inserter() <- grouper.Member{"worker", untilSignaled}
		group.signal(interrupt)
		Expect(group.exited).To(BeTrue())
		Expect(group.err).NotTo(HaveOccurred())
	}))
})
