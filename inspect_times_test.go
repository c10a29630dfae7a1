package grouper_test

import (
	"fmt"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/seed-3b777528/grouper"
	"github.com/tedsuo/ifrit"
)

var _ = Describe("Inspect", func() {
	It("I2: says since when, and for how long", bubble(func() {
		members, runners := crew(1)
		group := grouper.NewOrdered(nil, members)
		Expect(inspect(group).Members[0].Since).To(BeZero())
		Expect(inspect(group).Members[0].For).To(BeZero())
		began := time.Now()
		run := start(group)
		for _, next := range []func(){
			func() { ready(runners[0]) },
			func() { run.signal(interrupt) },
			func() { exit(runners[0], nil) },
		} {
			time.Sleep(time.Minute)
			next()
			changed := time.Now()
			time.Sleep(time.Hour)
			status := inspect(group)
			Expect(status.Since).To(BeTemporally("==", changed))
			Expect(status.For).To(Equal(time.Hour))
			Expect(status.Members[0].Since).To(BeTemporally("==", changed))
			Expect(status.Members[0].For).To(Equal(time.Hour))
			Expect(changed).To(BeTemporally(">", began))
		}
	}))

	It("I2, I6: is exact about a member that was ready before an earlier one", bubble(func() {
		members, runners := crew(2)
		group := grouper.NewParallel(nil, members)
		start(group)
		defer exitAll(runners...)
		ready(runners[1])
		fast := time.Now()
		time.Sleep(300 * time.Millisecond)
		ready(runners[0])
		slow := time.Now()
		time.Sleep(time.Second)
		status := inspect(group)
		Expect(status.Members[0].Since).To(BeTemporally("==", slow))
		Expect(status.Members[1].Since).To(BeTemporally("==", fast))
		Expect(status.Since).To(BeTemporally("==", slow))
	}))

	for first := range 4 {
		It(fmt.Sprintf("I6: is exact about four members that are slow to start, member %d the first", first), bubble(func() {
			members, runners := crew(4)
			group := grouper.NewParallel(nil, members)
			start(group)
			defer exitAll(runners...)
			var when [4]time.Time
			for i := range runners {
				time.Sleep(time.Second)
				at := (first + i) % len(runners)
				ready(runners[at])
				when[at] = time.Now()
			}
			time.Sleep(time.Second)
			for i, member := range inspect(group).Members {
				Expect(member.Times.Ready).To(BeTemporally("==", when[i]), member.Name)
			}
		}))
	}

	// Members start while Inspect reads them.
	It("I2: has no age below zero", func() {
		members := crowd(1000, untilSignaled)
		least := time.Duration(0)
		for range 5 {
			group := grouper.NewOrdered(nil, members)
			process := ifrit.Background(group)
			for status := inspect(group); status.State != isReady; status = inspect(group) {
				for _, member := range status.Members {
					least = min(least, member.For)
				}
				least = min(least, status.For)
			}
			process.Signal(interrupt)
			<-process.Wait()
		}
		Expect(least).To(BeZero())
	})
})
