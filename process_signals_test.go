package grouper_test

import (
	"fmt"
	"os"
	"sync"
	"syscall"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/seed-3b777528/grouper/fakes"
	"github.com/tedsuo/ifrit"
)

var _ = Describe("A member's process", func() {
	It("M2: delivers signals in the order of the calls, without a goroutine while they are read", bubble(func() {
		runner := fakes.NewRunner()
		process, group := startMember(runner)
		ready(runner)
		idle := goroutines()
		for _, signal := range numberedUpTo(100) {
			process.Signal(signal)
			settle()
			Expect(goroutines()).To(Equal(idle))
		}
		Expect(runner.Signals()).To(Equal(numberedUpTo(100)))
		exit(runner, nil)
		group.end()
	}))

	It("M2: costs no goroutine for one signal that is not read yet", bubble(func() {
		leave := make(chan struct{})
		process, group := startMember(ifrit.RunFunc(func(_ <-chan os.Signal, ready chan<- struct{}) error {
			close(ready)
			<-leave
			return nil
		}))
		settle()
		idle := goroutines()
		process.Signal(interrupt)
		settle()
		Expect(goroutines()).To(Equal(idle))
		close(leave)
		settle()
		group.end()
	}))

	It("M2: does not block while signals are not read, and keeps their order", bubble(func() {
		const n = 1000
		var received []os.Signal
		listen := make(chan struct{})
		process, group := startMember(ifrit.RunFunc(func(signals <-chan os.Signal, ready chan<- struct{}) error {
			close(ready)
			<-listen
			for range n {
				received = append(received, <-signals)
			}
			<-listen
			return nil
		}))
		settle()
		idle := goroutines()
		for _, signal := range numberedUpTo(n) {
			process.Signal(signal)
		}
		settle()
		Expect(goroutines()).To(Equal(idle + 1))
		listen <- struct{}{}
		settle()
		Expect(received).To(Equal(numberedUpTo(n)))
		Expect(goroutines()).To(Equal(idle))
		close(listen)
		settle()
		group.end()
	}))

	It("M2: keeps the order while signals are sent and read at the same time", bubble(func() {
		const n = 1000
		var received []os.Signal
		process, group := startMember(ifrit.RunFunc(func(signals <-chan os.Signal, ready chan<- struct{}) error {
			close(ready)
			for range n {
				received = append(received, <-signals)
			}
			return nil
		}))
		for _, signal := range numberedUpTo(n) {
			process.Signal(signal)
		}
		settle()
		Expect(received).To(Equal(numberedUpTo(n)))
		group.end()
	}))

	It("M2: takes signals from several goroutines at once", bubble(func() {
		runner := fakes.NewRunner()
		process, group := startMember(runner)
		var senders sync.WaitGroup
		for _, signal := range numberedUpTo(50) {
			senders.Go(func() { process.Signal(signal) })
		}
		senders.Wait()
		settle()
		Expect(runner.Signals()).To(ConsistOf(numberedUpTo(50)))
		exit(runner, nil)
		group.end()
	}))

	It("M2: drops the signals that the member has not read when it exits, and later ones", bubble(func() {
		leave := make(chan struct{})
		process, group := startMember(ifrit.RunFunc(func(<-chan os.Signal, chan<- struct{}) error {
			<-leave
			return nil
		}))
		for _, signal := range numberedUpTo(10) {
			process.Signal(signal)
		}
		close(leave)
		settle()
		process.Signal(syscall.SIGKILL)
		group.end()
		Expect(goroutines()).To(BeZero())
	}))

	for _, unread := range []int{1, 2, 10} {
		It(fmt.Sprintf("M2: hands none of %d unread signals to what the member has left behind", unread), func() {
			for range 200 {
				bubble(func() {
					leave := make(chan struct{})
					var left <-chan os.Signal
					process, group := startMember(ifrit.RunFunc(func(signals <-chan os.Signal, _ chan<- struct{}) error {
						left = signals
						<-leave
						return nil
					}))
					settle()
					for _, signal := range numberedUpTo(unread) {
						process.Signal(signal)
					}
					close(leave)
					defer group.end()
					settle()
					process.Signal(interrupt)
					settle()
					Expect(left).NotTo(Receive())
					Expect(left).NotTo(BeClosed())
				})()
			}
		})
	}

	It("M2: ignores a nil signal", bubble(func() {
		runner := fakes.NewRunner()
		process, group := startMember(runner)
		process.Signal(nil)
		settle()
		Expect(runner.Signals()).To(BeEmpty())
		exit(runner, nil)
		group.end()
	}))
})
