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

var _ = Describe("A loop over events", func() {
	for name, each := range listening {
		Describe("of "+name, func() {
			It("L6, L5: disturbs no other listener when it ends, nor when it is slow", bubble(func() {
				group := startDynamic(nil, 0, 2)
				entrances, exits := group.EntranceListener(), group.ExitListener()
				var slow []string
				go each(context.Background(), group.DynamicClient, func(name string) bool {
					time.Sleep(time.Hour)
					slow = append(slow, name)
					return true
				})
				go each(context.Background(), group.DynamicClient, func(string) bool { return false })
				group.pass("a", "b", "c", "d", "e")
				Expect(goroutines()).To(BeNumerically("<=", 5))
				group.end()
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

			It("L6: leaves nothing behind if another implementation has no listener", bubble(func() {
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
						group := startDynamic(nil, 0, 2)
						ctx, cancel := context.WithCancel(context.Background())
						for limit := range 20 {
							go func() {
								seen := 0
								each(ctx, group.DynamicClient, func(string) bool {
									seen++
									runtime.Gosched()
									return seen < limit
								})
							}()
						}
						for _, signal := range numberedUpTo(20) {
							group.Inserter() <- grouper.Member{signal.String(), nil}
						}
						cancel()
						group.endClean()
					})()
				}
			})
		})
	}
})
