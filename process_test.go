package grouper_test

import (
	"fmt"
	"os"
	"runtime"
	"sync"
	"syscall"
	"testing"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/seed-3b777528/grouper"
	"github.com/seed-3b777528/grouper/fakes"
	"github.com/tedsuo/ifrit"
)

// The rules of a member's process (M).
var _ = Describe("A member's process", func() {
	var (
		group  *run
		client grouper.DynamicClient
	)

	// begin runs one member in a dynamic group, and returns its process.
	begin := func(runner ifrit.Runner) ifrit.Process {
		dynamic := grouper.NewDynamic(nil, 0, 0)
		group, client = start(dynamic), dynamic.Client()
		client.Inserter() <- grouper.Member{"member", runner}
		process, found := client.Get("member")
		Expect(found).To(BeTrue())
		return process
	}

	end := func() {
		client.Close()
		settle()
		Expect(group.exited).To(BeTrue())
	}

	It("M1: is ready when the member is, and stays ready", bubble(func() {
		runner := fakes.NewRunner()
		process := begin(runner)
		settle()
		Expect(process.Ready()).NotTo(BeClosed())
		ready(runner)
		Expect(process.Ready()).To(BeClosed())
		exit(runner, nil)
		Expect(process.Ready()).To(BeClosed())
		end()
	}))

	It("M1: is never ready if the member never was", bubble(func() {
		runner := fakes.NewRunner()
		process := begin(runner)
		exit(runner, nil)
		Expect(process.Ready()).NotTo(BeClosed())
		end()
	}))

	It("M1: returns a new channel with one error from each Wait, before and after the exit", bubble(func() {
		runner := fakes.NewRunner()
		process := begin(runner)
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
		end()
	}))

	It("M1: costs no goroutine to wait for", bubble(func() {
		runner := fakes.NewRunner()
		process := begin(runner)
		ready(runner)
		idle := goroutines()
		for range 1000 {
			process.Wait()
		}
		settle()
		Expect(goroutines()).To(Equal(idle))
		exit(runner, nil)
		end()
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

	It("M2: delivers signals in the order of the calls, without a goroutine while they are read", bubble(func() {
		runner := fakes.NewRunner()
		process := begin(runner)
		ready(runner)
		idle := goroutines()
		for _, signal := range numberedUpTo(100) {
			process.Signal(signal)
			settle()
			Expect(goroutines()).To(Equal(idle))
		}
		Expect(runner.Signals()).To(Equal(numberedUpTo(100)))
		exit(runner, nil)
		end()
	}))

	It("M2: costs no goroutine for one signal that is not read yet", bubble(func() {
		leave := make(chan struct{})
		process := begin(ifrit.RunFunc(func(_ <-chan os.Signal, ready chan<- struct{}) error {
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
		end()
	}))

	It("M2: does not block while signals are not read, and keeps their order", bubble(func() {
		const n = 1000
		var received []os.Signal
		listen := make(chan struct{})
		process := begin(ifrit.RunFunc(func(signals <-chan os.Signal, ready chan<- struct{}) error {
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
		end()
	}))

	It("M2: keeps the order while signals are sent and read at the same time", bubble(func() {
		const n = 1000
		var received []os.Signal
		process := begin(ifrit.RunFunc(func(signals <-chan os.Signal, ready chan<- struct{}) error {
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
		end()
	}))

	It("M2: takes signals from several goroutines at once", bubble(func() {
		runner := fakes.NewRunner()
		process := begin(runner)
		var senders sync.WaitGroup
		for _, signal := range numberedUpTo(50) {
			senders.Go(func() { process.Signal(signal) })
		}
		senders.Wait()
		settle()
		Expect(runner.Signals()).To(ConsistOf(numberedUpTo(50)))
		exit(runner, nil)
		end()
	}))

	It("M2: drops the signals that the member has not read when it exits, and later ones", bubble(func() {
		leave := make(chan struct{})
		process := begin(ifrit.RunFunc(func(<-chan os.Signal, chan<- struct{}) error {
			<-leave
			return nil
		}))
		for _, signal := range numberedUpTo(10) {
			process.Signal(signal)
		}
		close(leave)
		settle()
		process.Signal(syscall.SIGKILL)
		end()
		Expect(goroutines()).To(BeZero())
	}))

	for _, unread := range []int{1, 2, 10} {
		It(fmt.Sprintf("M2: hands none of %d unread signals to what the member has left behind", unread), func() {
			for range 200 {
				bubble(func() {
					leave := make(chan struct{})
					var left <-chan os.Signal
					process := begin(ifrit.RunFunc(func(signals <-chan os.Signal, _ chan<- struct{}) error {
						left = signals
						<-leave
						return nil
					}))
					settle()
					for _, signal := range numberedUpTo(unread) {
						process.Signal(signal)
					}
					close(leave)
					defer end()
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
		process := begin(runner)
		process.Signal(nil)
		settle()
		Expect(runner.Signals()).To(BeEmpty())
		exit(runner, nil)
		end()
	}))

	Describe("G8: of a member that ends its goroutine with runtime.Goexit", func() {
		for _, quit := range []struct {
			how string
			run func()
		}{
			{"exits with an error that says so", runtime.Goexit},
			{"exits so too when that ends a panic", func() {
				defer runtime.Goexit()
				panic("dropped by Goexit")
			}},
		} {
			It(quit.how, bubble(func() {
				leave := make(chan struct{})
				process := begin(ifrit.RunFunc(func(<-chan os.Signal, chan<- struct{}) error {
					<-leave
					quit.run()
					return nil
				}))
				close(leave)
				settle()
				Expect(process.Wait()).To(Receive(MatchError(ContainSubstring("runtime.Goexit"))))
				end()
			}))
		}
	})

	forEach(allKinds, func(kind kind) {
		It("G8: lets a panic end the program with the member's own stack", func() {
			command := child("^TestPanicInChild$")
			command.Env = append(command.Env, panicVariable+"="+kind.name)
			output, err := command.CombinedOutput()
			Expect(err).To(HaveOccurred())
			Expect(string(output)).To(And(
				MatchRegexp(`(?m)^panic: the member's own panic( \[|$)`),
				ContainSubstring("grouper_test.panicker("),
				Not(ContainSubstring("recovered")),
				Not(ContainSubstring("the program went on")),
			))
		})
	})
})

// panicVariable names the kind of group in which a member of the child panics.
const panicVariable = "GROUPER_TEST_PANIC"

// TestPanicInChild takes its process down.
func TestPanicInChild(t *testing.T) {
	name := os.Getenv(panicVariable)
	if name == "" {
		t.Skip("runs in child processes of the specs")
	}
	for _, kind := range allKinds {
		if kind.name == name {
			group := kind.group(terminate, grouper.Members{{"panicker", ifrit.RunFunc(panicker)}, {"calm", fakes.NewRunner()}})
			<-ifrit.Invoke(group).Wait()
		}
	}
	fmt.Println("the program went on")
}

func panicker(<-chan os.Signal, chan<- struct{}) error {
	panic("the member's own panic")
}
