package grouper_test

import (
	"context"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/seed-3b777528/grouper"
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
			It("L6, L1: begins with the history, gets each event as it happens, and ends when the listener is closed", bubble(func() {
				group := startDynamic(nil, 0, 2)
				group.pass("a", "b", "c")
				var got []string
				ended := false
				go func() {
					each(context.Background(), group.DynamicClient, func(name string) bool {
						got = append(got, name)
						return true
					})
					ended = true
				}()
				settle()
				Expect(got).To(HaveExactElements("b", "c"))
				group.pass("d")
				Expect(got).To(HaveExactElements("b", "c", "d"))
				Expect(ended).To(BeFalse())
				group.endClean()
				Expect(ended).To(BeTrue())
				got = nil
				each(context.Background(), group.DynamicClient, func(name string) bool {
					got = append(got, name)
					return true
				})
				Expect(got).To(HaveExactElements("c", "d"), "L4: each loop has a listener of its own")
			}))

			It("L6: ends when its context is done, even while it waits", bubble(func() {
				group := startDynamic(nil, 0, 2)
				ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
				defer cancel()
				began := time.Now()
				each(ctx, group.DynamicClient, func(string) bool { return true })
				Expect(time.Since(began)).To(Equal(time.Minute))
				group.pass("a", "b")
				each(ctx, group.DynamicClient, func(string) bool { panic("there are events, but the context is done") })
				group.endClean()
			}))

			It("L6: takes no further event once its context is done within the loop", bubble(func() {
				for range 20 {
					group := startDynamic(nil, 0, 2)
					group.pass("a", "b")
					ctx, cancel := context.WithCancel(context.Background())
					times := 0
					each(ctx, group.DynamicClient, func(string) bool {
						times++
						cancel()
						return true
					})
					Expect(times).To(Equal(1))
					group.endClean()
				}
			}))

			It("L6, G9: leaves nothing behind when it ends, whatever comes after it", bubble(func() {
				group := startDynamic(nil, 0, 2)
				group.pass("a", "b")
				for range 100 {
					each(context.Background(), group.DynamicClient, func(string) bool { return false })
					func() {
						defer func() { Expect(recover()).To(Equal("out of the loop")) }()
						each(context.Background(), group.DynamicClient, func(string) bool { panic("out of the loop") })
					}()
				}
				idle := goroutines()
				group.pass("c", "d", "e", "f")
				Expect(goroutines()).To(Equal(idle))
				group.endClean()
			}))

			It("L6: leaves no memory behind", func() {
				dynamic := grouper.NewDynamic(nil, 0, 100)
				client := dynamic.Client()
				done := make(chan struct{})
				go func() {
					defer close(done)
					_ = dynamic.Run(nil, make(chan struct{}))
				}()
				for range 100 {
					client.Inserter() <- grouper.Member{"nobody", nil}
				}
				for {
					_, found := client.Get("nobody")
					if !found {
						break
					}
				}
				abandon := func() {
					for range 1000 {
						each(context.Background(), client, func(string) bool { return false })
					}
				}
				abandon()
				before := heapInUse()
				abandon()
				after := heapInUse()
				// 1,000 listeners with 99 events each would take megabytes.
				Expect(after - before).To(BeNumerically("<", 1<<20))
				client.Close()
				<-done
			})

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
		})
	}
})

// endClean ends the group, of which no goroutine is left.
func (d dynamicRun) endClean() {
	GinkgoHelper()
	d.end()
	Expect(goroutines()).To(BeZero())
}
