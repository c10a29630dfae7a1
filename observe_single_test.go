package grouper_test

import (
	"os"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/seed-3b777528/grouper"
	"github.com/seed-3b777528/grouper/fakes"
	"github.com/tedsuo/ifrit"
)

var _ = Describe("Observe", func() {
	It("V1, V7: has the exact times of a Runner that is no group", bubble(func() {
		var events []grouper.Event
		observe := func(event grouper.Event) { events = append(events, event) }
		runner := fakes.NewRunner()
		began := time.Now()
		run := start(grouper.Observe(runner, observe))
		time.Sleep(time.Second)
		ready(runner)
		time.Sleep(time.Minute)
		run.signal(interrupt)
		time.Sleep(time.Hour)
		exit(runner, nil)
		Expect(run.exited).To(BeTrue())
		var steps []grouper.State
		var at, after []time.Duration
		for _, event := range events {
			steps = append(steps, event.State)
			at = append(at, event.At.Sub(began))
			after = append(after, event.After)
		}
		Expect(steps).To(HaveExactElements(grouper.StateStarting, grouper.StateReady, grouper.StateStopping, grouper.StateExited))
		Expect(after).To(HaveExactElements(time.Duration(0), time.Second, time.Minute, time.Hour))
		Expect(at).To(HaveExactElements(time.Duration(0), time.Second, time.Minute+time.Second, time.Hour+time.Minute+time.Second))
	}))

	It("V1: has no event of a nil Runner", bubble(func() {
		run := start(grouper.Observe(nil, func(grouper.Event) { panic("an event") }))
		Expect(run.err).To(MatchError(grouper.ErrNilRunner))
	}))

	for name, around := range map[string]func(ifrit.Runner) ifrit.Runner{
		"an Observe": func(r ifrit.Runner) ifrit.Runner { return grouper.Observe(r, nil) },
		"a Wrap":     func(r ifrit.Runner) ifrit.Runner { return grouper.Wrap(r, nil) },
	} {
		It("V6, W3, I9: shows the run through "+name+" of a group that also runs elsewhere", bubble(func() {
			group := grouper.NewOrdered(nil, grouper.Members{{"a", untilSignaled}})
			one, other := around(group), around(group)
			first, second := start(one), start(other)
			first.signal(interrupt)
			Expect([]grouper.State{inspect(one).State, inspect(other).State}).To(HaveExactElements(grouper.StateExited, grouper.StateReady))
			second.signal(interrupt)
			Expect([]grouper.State{inspect(one).State, inspect(other).State}).To(HaveExactElements(grouper.StateExited, grouper.StateExited))
		}))
	}

	It("V6: sees a failed start through another Observe", bubble(func() {
		var steps [2][]grouper.State
		observe := func(i int) func(grouper.Event) {
			return func(event grouper.Event) {
				if event.Path == "" {
					steps[i] = append(steps[i], event.State)
				}
			}
		}
		members, runners := crew(2)
		run := start(grouper.Observe(grouper.Observe(grouper.NewParallel(nil, members), observe(0)), observe(1)))
		exit(runners[0], nil)
		exit(runners[1], nil)
		Expect(run.exited).To(BeTrue())
		for i := range steps {
			Expect(steps[i]).To(HaveExactElements(grouper.StateStarting, grouper.StateFailed, grouper.StateExited))
		}
	}))

	It("V3: has the readiness before a signal that it has caused", func() {
		for range 100 {
			told := make(chan struct{})
			log, observed := watched(ifrit.RunFunc(func(signals <-chan os.Signal, ready chan<- struct{}) error {
				close(ready)
				close(told)
				<-signals
				return nil
			}))
			signals, exited := make(chan os.Signal, 1), make(chan error)
			go func() { exited <- observed.Run(signals, nil) }()
			<-told
			signals <- interrupt
			Expect(<-exited).To(Succeed())
			Expect(log.of("")).To(HaveExactElements(ContainSubstring("starting"), ContainSubstring("ready"), ContainSubstring("stopping"), ContainSubstring("exited")))
		}
	})

	It("V1: has the readiness that comes after a signal, and passes it on", bubble(func() {
		runner := fakes.NewRunner()
		log, observed := watched(runner)
		run := start(observed)
		run.signal(interrupt)
		ready(runner)
		Expect(run.isReady()).To(BeTrue())
		exit(runner, nil)
		Expect(log.told()).To(HaveExactElements(". starting", ". stopping: interrupt", ". ready", ". exited"))
	}))
})
