package grouper_test

import (
	"context"
	"runtime"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/seed-3b777528/grouper"
	"github.com/seed-3b777528/grouper/fakes"
)

// listening are the loops over both kinds of events: each calls body with the
// name of each member until that returns false.
var listening = map[string]func(ctx context.Context, client grouper.DynamicClient, body func(string) bool){
	"Entrances": func(ctx context.Context, client grouper.DynamicClient, body func(string) bool) {
		for event := range grouper.Entrances(ctx, client) {
			if !body(event.Member.Name) {
				break
			}
		}
	},
	"Exits": func(ctx context.Context, client grouper.DynamicClient, body func(string) bool) {
		for event := range grouper.Exits(ctx, client) {
			if !body(event.Member.Name) {
				break
			}
		}
	},
}

var _ = Describe("A loop over events", func() {
	for name, each := range listening {
		Describe("of "+name, func() {
			var (
				group  *run
				client grouper.DynamicClient
			)

			begin := func() {
				dynamic := grouper.NewDynamic(nil, 0, 2)
				group, client = start(dynamic), dynamic.Client()
			}

			pass := func(names ...string) {
				for _, name := range names {
					client.Inserter() <- grouper.Member{name, grouper.ContextFunc(func(_ context.Context, ready func()) error {
						ready()
						return nil
					})}
					settle()
				}
			}

			end := func() {
				client.Close()
				settle()
				Expect(group.exited).To(BeTrue())
				Expect(goroutines()).To(BeZero())
			}

			It("L6, L1: begins with the history, gets each event as it happens, and ends when the listener is closed", bubble(func() {
				begin()
				pass("a", "b", "c")
				var got []string
				ended := false
				go func() {
					each(context.Background(), client, func(name string) bool {
						got = append(got, name)
						return true
					})
					ended = true
				}()
				settle()
				Expect(got).To(HaveExactElements("b", "c"))
				pass("d")
				Expect(got).To(HaveExactElements("b", "c", "d"))
				Expect(ended).To(BeFalse())
				end()
				Expect(ended).To(BeTrue())
				got = nil
				each(context.Background(), client, func(name string) bool {
					got = append(got, name)
					return true
				})
				Expect(got).To(HaveExactElements("c", "d"), "L4: each loop has a listener of its own")
			}))

			It("L6: ends when its context is done, also while it waits", bubble(func() {
				begin()
				ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
				defer cancel()
				began := time.Now()
				each(ctx, client, func(string) bool { return true })
				Expect(time.Since(began)).To(Equal(time.Minute))
				pass("a", "b")
				each(ctx, client, func(string) bool { panic("there are events, but the context is done") })
				end()
			}))

			It("L6: takes no event more when its context is done within the loop", bubble(func() {
				for range 20 {
					begin()
					pass("a", "b")
					ctx, cancel := context.WithCancel(context.Background())
					times := 0
					each(ctx, client, func(string) bool {
						times++
						cancel()
						return true
					})
					Expect(times).To(Equal(1))
					end()
				}
			}))

			It("L6, G9: leaves nothing behind when it ends, whatever comes after it", bubble(func() {
				begin()
				pass("a", "b")
				for range 100 {
					each(context.Background(), client, func(string) bool { return false })
					func() {
						defer func() { Expect(recover()).To(Equal("out of the loop")) }()
						each(context.Background(), client, func(string) bool { panic("out of the loop") })
					}()
				}
				idle := goroutines()
				pass("c", "d", "e", "f")
				Expect(goroutines()).To(Equal(idle))
				end()
			}))

			It("L6: leaves no memory behind", func() {
				dynamic := grouper.NewDynamic(nil, 0, 100)
				group := dynamic.Client()
				done := make(chan struct{})
				go func() {
					defer close(done)
					_ = dynamic.Run(nil, make(chan struct{}))
				}()
				for range 100 {
					group.Inserter() <- grouper.Member{"nobody", nil}
				}
				for {
					_, found := group.Get("nobody")
					if !found {
						break
					}
				}
				abandon := func() {
					for range 1000 {
						each(context.Background(), group, func(string) bool { return false })
					}
				}
				abandon()
				before := heapInUse()
				abandon()
				after := heapInUse()
				// 1,000 listeners with 99 events each would take megabytes.
				Expect(after - before).To(BeNumerically("<", 1<<20))
				group.Close()
				<-done
			})

			It("L6, L5: disturbs no other listener when it ends, and is slow at nobody's expense", bubble(func() {
				begin()
				entrances, exits := client.EntranceListener(), client.ExitListener()
				var slow []string
				go each(context.Background(), client, func(name string) bool {
					time.Sleep(time.Hour)
					slow = append(slow, name)
					return true
				})
				go each(context.Background(), client, func(string) bool { return false })
				pass("a", "b", "c", "d", "e")
				Expect(goroutines()).To(BeNumerically("<=", 5))
				client.Close()
				settle()
				Expect(group.exited).To(BeTrue())
				count := 0
				for range entrances {
					count++
				}
				for range exits {
					count++
				}
				Expect(count).To(Equal(10))
				time.Sleep(10 * time.Hour)
				settle()
				Expect(slow).To(HaveExactElements("a", "b", "c", "d", "e"))
			}))

			It("L6: may begin before the group runs, and never ends before it is closed", bubble(func() {
				dynamic := grouper.NewDynamic(nil, 0, 0)
				ended := false
				go func() {
					each(nil, dynamic.Client(), func(string) bool { return true })
					ended = true
				}()
				settle()
				Expect(ended).To(BeFalse())
				dynamic.Client().Close()
				settle()
				Expect(ended).To(Equal(name == "Entrances"), "L3")
				Expect(start(dynamic).exited).To(BeTrue())
				Expect(ended).To(BeTrue())
			}))

			It("has no events of a nil client", func() {
				each(context.Background(), nil, func(string) bool { panic("an event") })
			})

			It("L6: goes on reading from another implementation until that closes its listener", bubble(func() {
				fake := new(fakes.FakeDynamicClient)
				entrances, exits := make(chan grouper.EntranceEvent), make(chan grouper.ExitEvent)
				fake.EntranceListenerReturns(entrances)
				fake.ExitListenerReturns(exits)
				send := func(name string) {
					if member := (grouper.Member{name, nil}); fake.EntranceListenerCallCount() > 0 {
						entrances <- grouper.EntranceEvent{Member: member}
					} else {
						exits <- grouper.ExitEvent{Member: member}
					}
				}
				var got []string
				ended := false
				go func() {
					each(context.Background(), fake, func(name string) bool {
						got = append(got, name)
						return len(got) < 2
					})
					ended = true
				}()
				settle()
				for _, name := range []string{"a", "b", "c", "d"} {
					send(name)
				}
				settle()
				Expect(ended).To(BeTrue())
				Expect(got).To(HaveExactElements("a", "b"))
				Expect(fake.EntranceListenerCallCount() + fake.ExitListenerCallCount()).To(Equal(1))
				close(entrances)
				close(exits)
			}))

			It("L6: leaves nothing behind of another implementation that has no listener", bubble(func() {
				ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
				defer cancel()
				each(ctx, new(fakes.FakeDynamicClient), func(string) bool { panic("an event") })
				settle()
				Expect(goroutines()).To(BeZero())
			}))

			// The race detector checks that this is safe.
			It("L6: may begin and end anywhere while events come", func() {
				for range 10 {
					bubble(func() {
						begin()
						ctx, cancel := context.WithCancel(context.Background())
						for limit := range 20 {
							go func() {
								seen := 0
								each(ctx, client, func(string) bool {
									seen++
									runtime.Gosched()
									return seen < limit
								})
							}()
						}
						for _, signal := range numberedUpTo(20) {
							client.Inserter() <- grouper.Member{signal.String(), nil}
						}
						cancel()
						end()
					})()
				}
			})
		})
	}
})
