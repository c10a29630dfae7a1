package grouper_test

import (
	"os"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/seed-3b777528/grouper"
	"github.com/seed-3b777528/grouper/fakes"
	"github.com/tedsuo/ifrit"
)

// The rules of a member's process (M).
var _ = Describe("A member's process", func() {
	It("M1: is ready when the member is, and stays ready", bubble(func() {
		runner := fakes.NewRunner()
		process, group := startMember(runner)
		settle()
		Expect(process.Ready()).NotTo(BeClosed())
		ready(runner)
		Expect(process.Ready()).To(BeClosed())
		exit(runner, nil)
		Expect(process.Ready()).To(BeClosed())
		group.end()
	}))

	It("M1: is never ready if the member never was", bubble(func() {
		runner := fakes.NewRunner()
		process, group := startMember(runner)
		exit(runner, nil)
		Expect(process.Ready()).NotTo(BeClosed())
		group.end()
	}))

	It("M1: returns a new channel with one error from each Wait, before and after the exit", bubble(func() {
		runner := fakes.NewRunner()
		process, group := startMember(runner)
		waits := []<-chan error{process.Wait(), process.Wait()}
		settle()
		for _, wait := range waits {
			Expect(wait).NotTo(Receive())
		}
		exit(runner, errBoom)
		for _, wait := range append(waits, process.Wait(), process.Wait()) {
			Expect(wait).To(Receive(Equal(errBoom)))
			Expect(wait).NotTo(Receive())
			Expect(wait).NotTo(BeClosed())
		}
		group.end()
	}))

	It("M1: costs no goroutine to wait for", bubble(func() {
		runner := fakes.NewRunner()
		process, group := startMember(runner)
		ready(runner)
		idle := goroutines()
		for range 1000 {
			process.Wait()
		}
		settle()
		Expect(goroutines()).To(Equal(idle))
		exit(runner, nil)
		group.end()
	}))

	// A goroutine of the member that still sends them would outlive Run.
	It("M1, G9: has answered every waiting caller when the group's Run returns", func() {
		const waits = 10_000
		idle, least := goroutines(), waits
		for range 20 {
			dynamic := grouper.NewDynamic(nil, 0, 0)
			leave := make(chan struct{})
			waiting := make(chan []<-chan error, 1)
			go func() {
				dynamic.Client().Inserter() <- grouper.Member{"member", ifrit.RunFunc(func(<-chan os.Signal, chan<- struct{}) error {
					<-leave
					return errBoom
				})}
				process, _ := dynamic.Client().Get("member")
				all := make([]<-chan error, waits)
				for i := range all {
					all[i] = process.Wait()
				}
				waiting <- all
				dynamic.Client().Close()
				close(leave)
			}()
			Expect(dynamic.Run(nil, nil)).To(Succeed())
			all := <-waiting
			told := 0
			for _, wait := range all {
				told += len(wait)
			}
			least = min(least, told)
		}
		Eventually(goroutines).WithTimeout(forever).Should(BeNumerically("<=", idle))
		Expect(least).To(Equal(waits))
	})

	// The other member's exit can wake the group meanwhile.
	forEach(staticKinds, func(kind kind) {
		It("M1, G9: has answered every caller waiting for one of several when the group's Run returns", func() {
			const waits = 10_000
			least := waits
			for range 20 {
				leave := make(chan struct{})
				member := ifrit.RunFunc(func(_ <-chan os.Signal, ready chan<- struct{}) error {
					close(ready)
					<-leave
					return nil
				})
				group := kind.group(nil, grouper.Members{{"waited for", member}, {"other", member}})
				ready, exited := make(chan struct{}), make(chan error, 1)
				all := make([]<-chan error, waits)
				told := make(chan int, 1)
				go func() {
					exited <- group.Run(nil, ready)
					count := 0
					for _, wait := range all {
						count += len(wait)
					}
					told <- count
				}()
				<-ready
				process, _ := grouper.Find(group, "waited for")
				for i := range all {
					all[i] = process.Wait()
				}
				close(leave)
				Expect(<-exited).To(Succeed())
				least = min(least, <-told)
			}
			Expect(least).To(Equal(waits))
		})
	})
})
