package grouper_test

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"slices"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/seed-3b777528/grouper"
	"github.com/seed-3b777528/grouper/fakes"
	"github.com/tedsuo/ifrit"
)

// The rules of listeners (L).
var _ = Describe("Listeners", func() {
	var (
		group  *run
		client grouper.DynamicClient
	)

	begin := func(eventBufferSize int) {
		dynamic := grouper.NewDynamic(nil, 0, eventBufferSize)
		group, client = start(dynamic), dynamic.Client()
	}

	end := func() {
		client.Close()
		settle()
		Expect(group.exited).To(BeTrue())
	}

	// pass runs members that are ready and exit at once, one after the other.
	pass := func(names ...string) {
		for _, name := range names {
			client.Inserter() <- grouper.Member{name, flash}
			settle()
		}
	}

	// names reads what is there to be read, and reports whether that was all.
	names := func(entrances <-chan grouper.EntranceEvent, exits <-chan grouper.ExitEvent) (names []string, closed bool) {
		for {
			settle()
			select {
			case event, open := <-entrances:
				if !open {
					return names, true
				}
				names = append(names, event.Member.Name)
			case event, open := <-exits:
				if !open {
					return names, true
				}
				names = append(names, event.Member.Name)
			default:
				return names, false
			}
		}
	}

	// Both kinds of listeners keep the same rules.
	for kind, listen := range map[string]func() func() ([]string, bool){
		"entrance": func() func() ([]string, bool) {
			listener := client.EntranceListener()
			return func() ([]string, bool) { return names(listener, nil) }
		},
		"exit": func() func() ([]string, bool) {
			listener := client.ExitListener()
			return func() ([]string, bool) { return names(nil, listener) }
		},
	} {
		Describe(kind, func() {
			for _, size := range []int{-1, 0, 1, 2, 3, 7} {
				It(fmt.Sprintf("L1: begin with the latest events, as many as a buffer of %d holds, and miss none", size), bubble(func() {
					begin(size)
					all := []string{"a", "b", "c", "d", "e"}
					var listeners []func() ([]string, bool)
					for _, name := range all {
						listeners = append(listeners, listen())
						pass(name)
					}
					end()
					for i, read := range listeners {
						got, closed := read()
						Expect(got).To(Equal(all[max(0, i-max(0, size)):]))
						Expect(closed).To(BeTrue())
					}
				}))
			}

			// The race detector checks that this is safe.
			It("L1: may be made by anyone while events come, and miss none after their first", func() {
				for range 10 {
					bubble(func() {
						begin(2)
						all := listen()
						made := make([][]func() ([]string, bool), 4)
						for i := range made {
							go func() {
								for range 10 {
									made[i] = append(made[i], listen())
								}
								<-client.CloseNotifier()
								made[i] = append(made[i], listen())
							}()
						}
						for _, signal := range numberedUpTo(20) {
							client.Inserter() <- grouper.Member{signal.String(), leaver}
						}
						end()
						want, _ := all()
						Expect(want).To(HaveLen(20))
						for _, read := range slices.Concat(made...) {
							got, closed := read()
							Expect(len(got)).To(BeNumerically(">=", 2))
							Expect(got).To(Equal(want[len(want)-len(got):]))
							Expect(closed).To(BeTrue())
						}
					})()
				}
			})

			It("L2: get every event in the same order, however slowly they read", bubble(func() {
				begin(1)
				early, late := listen(), listen()
				pass("a", "b", "c")
				got, _ := early()
				Expect(got).To(Equal([]string{"a", "b", "c"}))
				pass("d", "e")
				got, _ = early()
				Expect(got).To(Equal([]string{"d", "e"}))
				got, _ = late()
				Expect(got).To(Equal([]string{"a", "b", "c", "d", "e"}))
				end()
			}))

			It("L3: are closed after the last event", bubble(func() {
				begin(0)
				unread, read := listen(), listen()
				pass("a", "b")
				got, closed := read()
				Expect(got).To(Equal([]string{"a", "b"}))
				Expect(closed).To(BeFalse())
				end()
				got, closed = read()
				Expect(got).To(BeEmpty())
				Expect(closed).To(BeTrue())
				got, closed = unread()
				Expect(got).To(Equal([]string{"a", "b"}))
				Expect(closed).To(BeTrue())
			}))

			It("L4: get the history and are closed if they are made after the last event", bubble(func() {
				begin(2)
				pass("a", "b", "c")
				end()
				for range 2 {
					got, closed := listen()()
					Expect(got).To(Equal([]string{"b", "c"}))
					Expect(closed).To(BeTrue())
				}
			}))

			It("L5, G9: cost one goroutine each when nobody reads them, and delay nothing", bubble(func() {
				begin(1)
				one, other := listen(), listen()
				pass("a", "b", "c", "d", "e")
				Expect(goroutines()).To(Equal(1 + 2))
				end()
				Expect(goroutines()).To(Equal(2))
				for _, read := range []func() ([]string, bool){one, other} {
					got, _ := read()
					Expect(got).To(Equal([]string{"a", "b", "c", "d", "e"}))
				}
				Expect(goroutines()).To(BeZero())
			}))

			It("L5: cost no goroutine while there is nothing to read", bubble(func() {
				begin(3)
				listen()
				pass("a", "b", "c")
				Expect(goroutines()).To(Equal(1))
				end()
				Expect(goroutines()).To(BeZero())
			}))
		})
	}

	// A refused member (D3) has an exit event and costs no goroutine.
	It("L5: cost a bounded allocation per event, however many are unread", func() {
		const events, most = 50_000, 256 << 10
		dynamic := grouper.NewDynamic(nil, 0, 0)
		process := ifrit.Invoke(dynamic)
		client := dynamic.Client()
		client.Inserter() <- grouper.Member{"busy", untilSignaled}
		listener := client.ExitListener()
		largest := uint64(0)
		runtime.GC() // counts what was allocated before; no other one may do so in between
		defer debug.SetGCPercent(debug.SetGCPercent(-1))
		for i := range events {
			before := allocated()
			client.Inserter() <- grouper.Member{"busy", refused(i)}
			client.Get("nobody") // returns when the loop is done with the insert
			largest = max(largest, allocated()-before)
		}
		process.Signal(interrupt)
		for i := range events {
			event := <-listener
			if event.Member.Runner != refused(i) {
				Fail(fmt.Sprintf("event %d is of %v", i, event.Member.Runner))
			}
		}
		Expect(<-listener).To(HaveField("Err", BeNil()))
		Eventually(listener).WithTimeout(forever).Should(BeClosed())
		Expect(largest).To(BeNumerically("<", most))
	})

	It("L3: of entrances are closed once the group is closed and every member has entered", bubble(func() {
		begin(0)
		entrances, exits := client.EntranceListener(), client.ExitListener()
		members, runners := crew(2)
		for _, member := range members {
			client.Inserter() <- member
		}
		ready(runners[0])
		client.Close()
		got, closed := names(entrances, nil)
		Expect(got).To(Equal([]string{"a"}))
		Expect(closed).To(BeFalse())
		ready(runners[1])
		got, closed = names(entrances, nil)
		Expect(got).To(Equal([]string{"b"}))
		Expect(closed).To(BeTrue())
		exit(runners[0], nil)
		got, closed = names(nil, exits)
		Expect(got).To(Equal([]string{"a"}))
		Expect(closed).To(BeFalse())
		exit(runners[1], nil)
		got, closed = names(nil, exits)
		Expect(got).To(Equal([]string{"b"}))
		Expect(closed).To(BeTrue())
	}))

	It("L3: of entrances are closed with a group that never ran", bubble(func() {
		client := grouper.NewDynamic(nil, 0, 0).Client()
		before := client.EntranceListener()
		client.Close()
		Expect(before).To(BeClosed())
		Expect(client.EntranceListener()).To(BeClosed())
		Expect(client.ExitListener()).NotTo(BeClosed())
	}))

	It("L1: hold as many events as the buffer size says", bubble(func() {
		begin(5)
		Expect(cap(client.EntranceListener())).To(Equal(5))
		Expect(cap(client.ExitListener())).To(Equal(5))
		end()
	}))

	It("L1: hold the latest events as soon as they are made", bubble(func() {
		begin(3)
		pass("a", "b", "c", "d")
		for range 100 {
			Expect(len(client.EntranceListener())).To(Equal(3))
			Expect(len(client.ExitListener())).To(Equal(3))
		}
		end()
	}))

	It("D5: get one entrance and one exit for each member", bubble(func() {
		begin(10)
		entrances, exits := client.EntranceListener(), client.ExitListener()
		runner := fakes.NewRunner()
		client.Inserter() <- grouper.Member{"member", runner}
		settle()
		Expect(entrances).NotTo(Receive())
		ready(runner)
		var entrance grouper.EntranceEvent
		Expect(entrances).To(Receive(&entrance))
		Expect(entrance.Member).To(Equal(grouper.Member{"member", runner}))
		process, _ := client.Get("member")
		Expect(entrance.Process).To(BeIdenticalTo(process))
		exit(runner, errBoom)
		Expect(exits).To(Receive(Equal(grouper.ExitEvent{grouper.Member{"member", runner}, errBoom})))
		end()
		Expect(entrances).To(BeClosed())
		Expect(exits).To(BeClosed())
	}))
})

// A refused runner has a number, and never runs.
type refused int

func (refused) Run(<-chan os.Signal, chan<- struct{}) error { panic("was not refused") }
