package grouper_test

import (
	"errors"
	"fmt"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/seed-3b777528/grouper"
	"github.com/tedsuo/ifrit"
	"github.com/tedsuo/ifrit/restart"
)

var _ = Describe("Members", func() {
	DescribeTable("G1: Validate returns each name that occurs twice once, in the order of the first repeats",
		func(names []string, duplicates ...string) {
			var members grouper.Members
			for _, name := range names {
				members = append(members, grouper.Member{Name: name})
			}
			err := members.Validate()
			if len(duplicates) == 0 {
				Expect(err).NotTo(HaveOccurred())
			} else {
				Expect(err).To(Equal(grouper.ErrDuplicateNames{duplicates}))
			}
		},
		Entry("no members", []string{}),
		Entry("different names", []string{"a", "b", ""}),
		Entry("a name twice", []string{"a", "b", "a"}, "a"),
		Entry("a name three times", []string{"a", "a", "b", "a"}, "a"),
		Entry("several names", []string{"a", "b", "c", "c", "b", "a", "c"}, "c", "b", "a"),
		Entry("the empty name", []string{"", ""}, ""),
		Entry("a name twice that is not the first", []string{"a", "b", "b"}, "b"),
		Entry("many different names", strings.Split("abcdefghijkl", "")),
		Entry("a name twice among many", strings.Split("abcdefghijkb", ""), "b"),
		Entry("more different names", strings.Split("abcdefghijklmnopqrstu", "")),
		Entry("a name twice among more", strings.Split("abcdefghijklmnopqrstb", ""), "b"),
	)

	It("G1: are validated wherever the name that occurs twice is", func() {
		for size := 2; size <= 20; size++ {
			for second := range size {
				for first := range second {
					var members grouper.Members
					for i := range size {
						members = append(members, grouper.Member{Name: fmt.Sprint(i)})
					}
					members[second].Name = members[first].Name
					Expect(members.Validate()).To(Equal(grouper.ErrDuplicateNames{[]string{fmt.Sprint(first)}}))
				}
			}
		}
	})

	// To compare each name with each would take minutes.
	It("G1: are validated in a time that grows with their number", func() {
		members := make(grouper.Members, 300_000)
		for i := range members {
			members[i].Name = fmt.Sprintf("%06d", i)
		}
		Expect(members.Validate()).To(Succeed())
		members[len(members)-1].Name = members[0].Name
		Expect(members.Validate()).To(Equal(grouper.ErrDuplicateNames{[]string{"000000"}}))
	})

	It("can be given as a plain slice of members", bubble(func() {
		for _, group := range []ifrit.Runner{
			grouper.NewParallel(nil, []grouper.Member{{"a", untilSignaled}}),
			grouper.NewOrdered(nil, []grouper.Member{{"a", untilSignaled}}),
			grouper.NewQueueOrdered(nil, []grouper.Member{{"a", untilSignaled}}),
		} {
			run := start(group)
			run.signal(interrupt)
			Expect(run.exited).To(BeTrue())
		}
	}))

	// The rules of static groups (S).
	forEach(staticKinds, func(kind kind) {
		It("S1: returns the exits of all members in the order in which they happened, if one was an error", bubble(func() {
			members, runners := crew(3)
			group := start(kind.group(nil, members))
			for _, runner := range runners {
				ready(runner)
			}
			exit(runners[1], nil)
			exit(runners[2], errBoom)
			exit(runners[0], nil)

			Expect(group.trace()).To(HaveExactElements("b", "c: boom", "a"))
			Expect(group.err.(grouper.ErrorTrace)[1].Member).To(Equal(members[2]))
		}))

		It("S1: returns nil if none was an error", bubble(func() {
			members, runners := crew(1)
			group := start(kind.group(nil, members))
			exit(runners[0], nil)

			Expect(group.exited).To(BeTrue())
			Expect(group.err).NotTo(HaveOccurred())
		}))

		It("S2: can be run again after it has exited, and starts afresh", bubble(func() {
			members, runners := crew(1)
			runner := kind.group(terminate, members)
			for i := range 3 {
				group := start(runner)
				Expect(runners[0].Starts()).To(Equal(i + 1))
				Expect(group.isReady()).To(BeFalse())
				ready(runners[0])
				Expect(group.isReady()).To(BeTrue())
				group.signal(interrupt)
				Expect(runners[0].Signals()).To(HaveExactElements(interrupt))
				exit(runners[0], fmt.Errorf("run %d", i))
				Expect(group.trace()).To(HaveExactElements(fmt.Sprintf("a: run %d", i)))
			}
		}))

		It("S2: can be run again by ifrit's restart", bubble(func() {
			members, runners := crew(1)
			errAgain := errors.New("again")
			group := start(&restart.Restarter{
				Runner: kind.group(terminate, members),
				Load: func(runner ifrit.Runner, err error) ifrit.Runner {
					if errors.Is(err, errAgain) {
						return runner
					}
					return nil
				},
			})
			ready(runners[0])
			Expect(group.isReady()).To(BeTrue())
			exit(runners[0], errAgain)
			exit(runners[0], errAgain)
			Expect(runners[0].Starts()).To(Equal(3))
			exit(runners[0], errBoom)
			Expect(group.trace()).To(HaveExactElements("a: boom"))
		}))

		It("S2: can be run several times at once", bubble(func() {
			runner := kind.group(terminate, grouper.Members{{"a", untilSignaled}, {"b", untilSignaled}})
			one, other := start(runner), start(runner)
			Expect(one.isReady()).To(BeTrue())
			Expect(other.isReady()).To(BeTrue())
			one.signal(interrupt)
			Expect(one.exited).To(BeTrue())
			Expect(other.exited).To(BeFalse())
			other.signal(interrupt)
			Expect(other.exited).To(BeTrue())
		}))

		It("S3: is ready at once without members, and exits with nil on its first signal", bubble(func() {
			for _, members := range []grouper.Members{nil, {}} {
				group := start(kind.group(terminate, members))
				Expect(group.isReady()).To(BeTrue())
				group.signal(nil)
				Expect(group.exited).To(BeFalse())
				group.signal(interrupt)
				Expect(group.exited).To(BeTrue())
				Expect(group.err).NotTo(HaveOccurred())
			}
		}))

		It("S4: reads the members when Run is called, and not again", bubble(func() {
			members, runners := crew(2)
			runner := kind.group(terminate, members)
			members[0].Name = "renamed before"
			group := start(runner)
			members[1] = grouper.Member{"replaced after", nil}
			for _, runner := range runners {
				ready(runner)
			}
			Expect(group.isReady()).To(BeTrue())
			exit(runners[1], errors.New("first"))
			exit(runners[0], nil)
			Expect(group.trace()).To(HaveExactElements("b: first", "renamed before"))
		}))

		It("runs without a ready channel and without signals", bubble(func() {
			members, runners := crew(1)
			var err error
			go func() { err = kind.group(terminate, members).Run(nil, nil) }()
			ready(runners[0])
			exit(runners[0], errBoom)
			Expect(err).To(MatchError(errBoom))
		}))
	})
})
