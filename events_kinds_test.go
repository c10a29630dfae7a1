package grouper_test

import (
	"fmt"
	"slices"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/seed-3b777528/grouper"
)

// The rules of listeners (L) that each kind keeps.
var _ = Describe("Listeners", func() {
	for kind, listen := range map[string]func(grouper.DynamicClient) func() ([]string, bool){
		"entrance": func(client grouper.DynamicClient) func() ([]string, bool) {
			listener := client.EntranceListener()
			return func() ([]string, bool) { return readNames(listener, nil) }
		},
		"exit": func(client grouper.DynamicClient) func() ([]string, bool) {
			listener := client.ExitListener()
			return func() ([]string, bool) { return readNames(nil, listener) }
		},
	} {
		Describe(kind, func() {
			for _, size := range []int{-1, 0, 1, 2, 3, 7} {
				It(fmt.Sprintf("L1: begin with the latest events, as many as a buffer of %d holds, and miss none", size), bubble(func() {
					group := startDynamic(nil, 0, size)
					all := []string{"a", "b", "c", "d", "e"}
					var listeners []func() ([]string, bool)
					for _, name := range all {
						listeners = append(listeners, listen(group))
						group.pass(name)
					}
					group.end()
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
						group := startDynamic(nil, 0, 2)
						all := listen(group)
						made := make([][]func() ([]string, bool), 4)
						for i := range made {
							go func() {
								for range 10 {
									made[i] = append(made[i], listen(group))
								}
								<-group.CloseNotifier()
								made[i] = append(made[i], listen(group))
							}()
						}
						for _, signal := range numberedUpTo(20) {
							group.Inserter() <- grouper.Member{signal.String(), leaver}
						}
						group.end()
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
				group := startDynamic(nil, 0, 1)
				early, late := listen(group), listen(group)
				group.pass("a", "b", "c")
				got, _ := early()
				Expect(got).To(Equal([]string{"a", "b", "c"}))
				group.pass("d", "e")
				got, _ = early()
				Expect(got).To(Equal([]string{"d", "e"}))
				got, _ = late()
				Expect(got).To(Equal([]string{"a", "b", "c", "d", "e"}))
				group.end()
			}))

			It("L3: are closed after the last event", bubble(func() {
				group := startDynamic(nil, 0, 0)
				unread, read := listen(group), listen(group)
				group.pass("a", "b")
				got, closed := read()
				Expect(got).To(Equal([]string{"a", "b"}))
				Expect(closed).To(BeFalse())
				group.end()
				got, closed = read()
				Expect(got).To(BeEmpty())
				Expect(closed).To(BeTrue())
				got, closed = unread()
				Expect(got).To(Equal([]string{"a", "b"}))
				Expect(closed).To(BeTrue())
			}))

			It("L4: get the history and are closed if they are made after the last event", bubble(func() {
				group := startDynamic(nil, 0, 2)
				group.pass("a", "b", "c")
				group.end()
				for range 2 {
					got, closed := listen(group)()
					Expect(got).To(Equal([]string{"b", "c"}))
					Expect(closed).To(BeTrue())
				}
			}))

			It("L5, G9: cost one goroutine each when nobody reads them, and delay nothing", bubble(func() {
				group := startDynamic(nil, 0, 1)
				one, other := listen(group), listen(group)
				group.pass("a", "b", "c", "d", "e")
				Expect(goroutines()).To(Equal(1 + 2))
				group.end()
				Expect(goroutines()).To(Equal(2))
				for _, read := range []func() ([]string, bool){one, other} {
					got, _ := read()
					Expect(got).To(Equal([]string{"a", "b", "c", "d", "e"}))
				}
				Expect(goroutines()).To(BeZero())
			}))

			It("L5: cost no goroutine while there is nothing to read", bubble(func() {
				group := startDynamic(nil, 0, 3)
				listen(group)
				group.pass("a", "b", "c")
				Expect(goroutines()).To(Equal(1))
				group.end()
				Expect(goroutines()).To(BeZero())
			}))
		})
	}
})
