package grouper_test

import (
	"os"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/seed-3b777528/grouper"
	"github.com/tedsuo/ifrit"
)

var _ = Describe("Every group", func() {
	forEach(staticKinds, func(kind kind) {
		It("G1: refuses names that occur twice, and starts no member", bubble(func() {
			members, runners := crew(4)
			members[2].Name, members[3].Name = "b", "a"
			group := start(kind.group(terminate, members))

			Expect(group.err).To(Equal(grouper.ErrDuplicateNames{[]string{"b", "a"}}))
			Expect(group.isReady()).To(BeFalse())
			Expect(starts(runners)).To(Equal([]int{0, 0, 0, 0}))
		}))

		It("G1: exits with ErrNilRunner for a nil runner, without being ready", bubble(func() {
			group := start(kind.group(terminate, grouper.Members{{"nobody", nil}}))

			Expect(group.err).To(MatchError(grouper.ErrNilRunner))
			Expect(group.isReady()).To(BeFalse())
		}))

		It("G2: observes a readiness before the exit right behind it", func() {
			// Nil signals keep the loop busy, so that it finds both at once.
			for range 20 {
				bubble(func() {
					signals := make(chan os.Signal, 1000)
					for range cap(signals) {
						signals <- nil
					}
					ready := make(chan struct{})
					Expect(kind.group(terminate, grouper.Members{{"flash", flash}}).Run(signals, ready)).To(Succeed())
					Expect(ready).To(BeClosed())
				})()
			}
		})

		It("G5: is never ready after a member has exited before it was ready", bubble(func() {
			members, runners := crew(3)
			group := start(kind.group(nil, members))
			exit(runners[0], errBoom)
			for _, runner := range runners[1:] {
				if runner.Running() {
					ready(runner)
				}
			}

			Expect(group.isReady()).To(BeFalse())
			exitAll(runners...)
			Expect(group.trace()).To(ContainElement("a: boom"))
		}))

		It("G5: does not become ready even if a goroutine that such a member has left behind closes its ready channel", bubble(func() {
			late := make(chan struct{})
			quitter := ifrit.RunFunc(func(_ <-chan os.Signal, ready chan<- struct{}) error {
				go func() {
					<-late
					close(ready)
				}()
				return nil
			})
			group := start(kind.group(nil, grouper.Members{{"a", untilSignaled}, {"quitter", quitter}, {"c", untilSignaled}}))
			close(late)
			settle()
			Expect(group.isReady()).To(BeFalse())
			group.signal(interrupt)
			Expect(group.exited).To(BeTrue())
		}))

		It("G7: does not become ready once it is shutting down", bubble(func() {
			members, runners := crew(1)
			group := start(kind.group(nil, members))
			group.signal(interrupt)
			ready(runners[0])

			Expect(group.isReady()).To(BeFalse())
			exitAll(runners...)
			Expect(group.exited).To(BeTrue())
		}))

		It("takes a value that a member sends on its ready channel as its readiness", bubble(func() {
			send := make(chan struct{})
			sender := ifrit.RunFunc(func(signals <-chan os.Signal, ready chan<- struct{}) error {
				<-send
				ready <- struct{}{}
				<-signals
				return nil
			})
			group := start(kind.group(nil, grouper.Members{{"sender", sender}}))
			close(send)
			settle()
			Expect(group.isReady()).To(BeTrue())
			group.signal(interrupt)
			Expect(group.exited).To(BeTrue())
		}))
	})
})
