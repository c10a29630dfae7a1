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

var _ = Describe("A dynamic group's client", func() {
	Describe("D6: Close", func() {
		It("may be called before the run, which is then over at once", bubble(func() {
			dynamic := grouper.NewDynamic(nil, 0, 10)
			client := dynamic.Client()
			client.Close()
			client.Close()
			Expect(client.CloseNotifier()).To(BeClosed())
			group := start(dynamic)
			Expect(group.isReady()).To(BeTrue())
			Expect(group.exited).To(BeTrue())
			Expect(group.err).NotTo(HaveOccurred())
		}))

		It("may be called after the run", bubble(func() {
			group := startDynamic(nil, 0, 10)
			group.signal(interrupt)
			group.Close()
			Expect(group.exited).To(BeTrue())
		}))

		It("may be called by a member", bubble(func() {
			group := startDynamic(nil, 0, 10)
			group.Inserter() <- grouper.Member{"closer", ifrit.RunFunc(func(<-chan os.Signal, chan<- struct{}) error {
				group.Close()
				return nil
			})}
			settle()
			Expect(group.exited).To(BeTrue())
		}))

		It("may be called from any goroutine, repeatedly, and at the same time as Run", func() {
			for range 200 {
				bubble(func() {
					dynamic := grouper.NewDynamic(nil, 0, 10)
					client := dynamic.Client()
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
					group := startDynamic(nil, 0, 10)
					group.Close()
					Expect(group.CloseNotifier()).To(BeClosed())
					accepted := false
					abandon := make(chan struct{})
					go func() {
						select {
						case group.Inserter() <- grouper.Member{"late", untilSignaled}:
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
			group := startDynamic(nil, 0, 10)
			runner := fakes.NewRunner()
			group.Inserter() <- grouper.Member{"a", runner}
			group.Close()
			settle()
			Expect(runner.Running()).To(BeTrue())
			Expect(runner.Signals()).To(BeEmpty())
			exit(runner, nil)
			Expect(group.exited).To(BeTrue())
		}))

		It("happens when the inserter channel is closed", bubble(func() {
			group := startDynamic(nil, 0, 10)
			runner := fakes.NewRunner()
			group.Inserter() <- grouper.Member{"a", runner}
			close(group.Inserter())
			settle()
			Expect(group.CloseNotifier()).To(BeClosed())
			Expect(group.exited).To(BeFalse())
			exit(runner, nil)
			Expect(group.exited).To(BeTrue())
		}))

		It("is all that happens when the inserter channel is closed", bubble(func() {
			dynamic := grouper.NewDynamic(nil, 0, 10)
			client := dynamic.Client()
			entrances, exits := client.EntranceListener(), client.ExitListener()
			close(client.Inserter())
			Expect(start(dynamic).err).NotTo(HaveOccurred())
			Expect(entrances).To(BeClosed())
			Expect(exits).To(BeClosed())
		}))

		It("happens when the inserter channel was closed before the run", bubble(func() {
			dynamic := grouper.NewDynamic(nil, 0, 10)
			client := dynamic.Client()
			close(client.Inserter())
			Expect(start(dynamic).exited).To(BeTrue())
		}))

		It("happens when the inserter channel of a full group is closed and a member leaves", bubble(func() {
			group := startDynamic(nil, 1, 0)
			runner := fakes.NewRunner()
			group.Inserter() <- grouper.Member{"a", runner}
			close(group.Inserter())
			exit(runner, nil)
			Expect(group.exited).To(BeTrue())
		}))
	})
})
