package grouper_test

import (
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/seed-3b777528/grouper"
	"github.com/tedsuo/ifrit"
)

// The rules of every group (G).
var _ = Describe("Every group", func() {
	forEach(allKinds, func(kind kind) {
		It("G3: propagates a signal to its members", bubble(func() {
			members, runners := crew(1)
			group := start(kind.group(nil, members))
			group.signal(interrupt)

			Expect(runners[0].Signals()).To(HaveExactElements(interrupt))
			exitAll(runners...)
			Expect(group.exited).To(BeTrue())
			Expect(group.err).NotTo(HaveOccurred())
		}))

		It("G3: ignores a nil signal", bubble(func() {
			members, runners := crew(1)
			group := start(kind.group(nil, members))
			group.signal(nil)

			Expect(runners[0].Signals()).To(BeEmpty())
			group.signal(interrupt)
			Expect(runners[0].Signals()).To(HaveExactElements(interrupt))
			exitAll(runners...)
		}))

		// A spinning loop would never settle.
		It("G3: ignores a closed signals channel", bubble(func() {
			members, runners := crew(1)
			group := start(kind.group(terminate, members))
			close(group.signals)
			settle()

			Expect(group.exited).To(BeFalse())
			Expect(runners[0].Signals()).To(BeEmpty())
			exitAll(runners...)
			Expect(group.exited).To(BeTrue())
		}))

		It("G4: shuts down with its termination signal when a member exits, even without an error", bubble(func() {
			members, runners := crew(1)
			members[0].Runner = steady(runners[0])
			group := start(kind.group(terminate, append(members, grouper.Member{"leaver", flash})))

			Expect(group.exited).To(BeFalse())
			Expect(runners[0].Signals()).To(HaveExactElements(terminate))
			exitAll(runners...)
			Expect(group.exited).To(BeTrue())
			Expect(group.err).NotTo(HaveOccurred())
		}))

		It("G5: leaves the other members alone without a termination signal, and can be signaled", bubble(func() {
			members, runners := crew(1)
			group := start(kind.group(nil, append(grouper.Members{{"leaver", flash}}, members...)))

			Expect(group.exited).To(BeFalse())
			Expect(runners[0].Running()).To(BeTrue())
			Expect(runners[0].Signals()).To(BeEmpty())
			group.signal(interrupt)
			Expect(runners[0].Signals()).To(HaveExactElements(interrupt))
			exitAll(runners...)
			Expect(group.exited).To(BeTrue())
		}))

		It("G6: returns only after every member has exited, however many signals arrive", bubble(func() {
			members, runners := crew(3)
			for i, runner := range runners {
				members[i].Runner = steady(runner)
			}
			group := start(kind.group(terminate, members))
			for i := range runners {
				for _, signal := range []os.Signal{interrupt, terminate, terminate, hangUp} {
					group.signal(signal)
				}
				Expect(group.exited).To(BeFalse())
				exit(runners[i], nil)
			}
			Expect(group.exited).To(BeTrue())
		}))

		It("G8: reports runtime.Goexit in a member as an exit with an error that says so", bubble(func() {
			quitter := ifrit.RunFunc(func(<-chan os.Signal, chan<- struct{}) error {
				runtime.Goexit()
				return nil
			})
			group := start(kind.group(terminate, grouper.Members{{"quitter", quitter}}))
			Expect(group.trace()).To(HaveExactElements(ContainSubstring("runtime.Goexit")))
		}))

		It("G9: has only its own goroutine and one per member, and leaves none", bubble(func() {
			members := crowd(1000, untilSignaled)
			group := start(kind.group(terminate, members))

			Expect(group.isReady()).To(BeTrue())
			Expect(goroutines()).To(Equal(len(members) + 1))
			group.signal(interrupt)
			Expect(group.exited).To(BeTrue())
			Expect(goroutines()).To(BeZero())
		}))

		It("G10: is not stalled by members that do not read their signals", bubble(func() {
			deaf := make(chan struct{})
			member := ifrit.RunFunc(func(_ <-chan os.Signal, ready chan<- struct{}) error {
				close(ready)
				<-deaf
				return errBoom
			})
			group := start(kind.group(nil, grouper.Members{{"a", member}, {"b", member}}))
			for range 100 {
				group.signal(interrupt)
				group.signal(hangUp)
			}

			Expect(group.exited).To(BeFalse())
			close(deaf)
			settle()
			Expect(group.exited).To(BeTrue())
			Expect(goroutines()).To(BeZero())
		}))
	})
})

// steady is ready at once, whatever the runner does.
func steady(runner ifrit.Runner) ifrit.Runner {
	return ifrit.RunFunc(func(signals <-chan os.Signal, ready chan<- struct{}) error {
		close(ready)
		return runner.Run(signals, make(chan struct{}))
	})
}

// This is the one spec with a time limit. A loop that yields would wait for all
// the goroutines that compute, 10 ms for each: it would take minutes.
var _ = Describe("The loop of a group", func() {
	It("G10: does not yield to goroutines that compute", func() {
		const computing, runs, bound = 32, 20, 30 * time.Second
		var stop atomic.Bool
		var spinning sync.WaitGroup
		defer spinning.Wait()
		defer stop.Store(true)
		for range computing * runtime.GOMAXPROCS(0) {
			spinning.Go(func() {
				for !stop.Load() {
				}
			})
		}
		members := crowd(10, untilSignaled)
		began := time.Now()
		for range runs {
			signals, ready, exited := make(chan os.Signal, 1), make(chan struct{}), make(chan error)
			go func() { exited <- grouper.NewOrdered(nil, members).Run(signals, ready) }()
			<-ready
			signals <- interrupt
			Expect(<-exited).To(Succeed())
		}
		Expect(time.Since(began)).To(BeNumerically("<", bound))
	})
})
