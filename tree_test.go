package grouper_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/seed-3b777528/grouper"
	"github.com/seed-3b777528/grouper/fakes"
	"github.com/tedsuo/ifrit"
)

var _ = Describe("A status", func() {
	It("I3: returns the paths of the members that hold up the start-up, and marks them", bubble(func() {
		tree := newTree()
		run := start(tree.root)
		defer func() {
			run.signal(interrupt)
			exitAll(tree.api, tree.health, tree.store)
		}()
		ready(tree.store)
		ready(tree.health)
		time.Sleep(1500 * time.Millisecond)
		status := inspect(tree.root)
		Expect(status.WaitingFor()).To(HaveExactElements("servers/api"))
		Expect("\n" + status.String()).To(Equal(`
ordered group   starting  1.5s
├── store       ready     1.5s
├── jobs        ready     1.5s  dynamic group
└── servers     starting  1.5s  parallel group
    ├── api     starting  1.5s  <- waiting
    └── health  ready     1.5s
`))
	}))

	It("I3: returns the paths of the members that hold up the shutdown, and marks them", bubble(func() {
		tree := newTree()
		run := start(tree.root)
		for _, runner := range []*fakes.Runner{tree.store, tree.api, tree.health} {
			ready(runner)
		}
		tree.jobs.Client().Inserter() <- grouper.Member{"job 1", tree.job}
		time.Sleep(100 * time.Minute)
		run.signal(terminate)
		defer exitAll(tree.job, tree.store)
		exit(tree.health, fmt.Errorf("two\nlines"))
		exit(tree.api, nil)
		time.Sleep(time.Second)
		status := inspect(tree.root)
		Expect(status.WaitingFor()).To(HaveExactElements("jobs/job 1"))
		Expect("\n" + status.String()).To(Equal(`
ordered group   stopping  1s       terminated
├── store       ready     1h40m1s
├── jobs        stopping  1s       dynamic group, terminated
│   └── job 1   stopping  1s       <- waiting
└── servers     exited    1s       parallel group, terminated
    ├── api     exited    1s
    └── health  exited    1s       error: two; lines
`))
		exitAll(tree.job, tree.store)
		Expect(run.exited).To(BeTrue())
		Expect(inspect(tree.root).WaitingFor()).To(BeEmpty())
	}))

	It("I3: is drawn with ages that have no more digits than anybody reads", func() {
		for age, want := range map[time.Duration]string{
			1500400 * time.Microsecond: "  1.5s\n",
			59900 * time.Millisecond:   "  59.9s\n",
			90400 * time.Millisecond:   "  1m30s\n",
		} {
			Expect(grouper.Status{State: grouper.StateReady, For: age}.String()).To(HaveSuffix(want))
		}
	})

	It("I2: marshals to JSON with words in it", bubble(func() {
		members, runners := crew(2)
		inner := grouper.NewDynamic(nil, 0, 0)
		group := grouper.NewParallel(nil, append(members, grouper.Member{"inner", inner}))
		pending, err := json.Marshal(inspect(group))
		Expect(err).NotTo(HaveOccurred())
		Expect(pending).To(MatchJSON(`{"kind": "parallel", "state": "pending", "ready": false, "members": [
			{"name": "a", "state": "pending"}, {"name": "b", "state": "pending"},
			{"name": "inner", "state": "pending", "group": {"kind": "dynamic", "state": "pending", "members": []}}]}`))

		run := start(group)
		exit(runners[0], errBoom)
		time.Sleep(90 * time.Second)
		run.signal(terminate)
		time.Sleep(time.Second)
		running, err := json.Marshal(inspect(group))
		Expect(err).NotTo(HaveOccurred())
		Expect(running).To(MatchJSON(`{"kind": "parallel", "state": "stopping", "ready": false,
			"since": "2000-01-01T00:01:30Z", "for": "1s",
			"times": {"started": "2000-01-01T00:00:00Z", "stopping": "2000-01-01T00:01:30Z"},
			"signal": "terminated", "waitingFor": ["b"], "members": [
			{"name": "a", "state": "exited", "since": "2000-01-01T00:00:00Z", "for": "1m31s", "error": "boom",
			 "times": {"started": "2000-01-01T00:00:00Z", "exited": "2000-01-01T00:00:00Z"}},
			{"name": "b", "state": "stopping", "since": "2000-01-01T00:01:30Z", "for": "1s",
			 "times": {"started": "2000-01-01T00:00:00Z", "stopping": "2000-01-01T00:01:30Z"}},
			{"name": "inner", "state": "exited", "since": "2000-01-01T00:01:30Z", "for": "1s",
			 "times": {"started": "2000-01-01T00:00:00Z", "ready": "2000-01-01T00:00:00Z",
			           "stopping": "2000-01-01T00:01:30Z", "exited": "2000-01-01T00:01:30Z"},
			 "group": {"kind": "dynamic", "state": "exited", "since": "2000-01-01T00:01:30Z", "for": "1s",
			 "times": {"started": "2000-01-01T00:00:00Z", "ready": "2000-01-01T00:00:00Z",
			           "stopping": "2000-01-01T00:01:30Z", "exited": "2000-01-01T00:01:30Z"},
			 "signal": "terminated", "closed": true, "members": []}}]}`))
		exitAll(runners...)
	}))

	It("I3: is drawn on one line per member, whatever the names", func() {
		group := grouper.NewParallel(nil, grouper.Members{{"two\nlines", nil}, {"", nil}})
		Expect("\n" + inspect(group).String()).To(Equal(`
parallel group    pending
├── "two\nlines"  pending
└──               pending
`))
	})

	It("I3: marks no member whose name reads like the path of one that is waited for", func() {
		status := grouper.Status{Kind: grouper.KindParallel, State: grouper.StateStarting, Members: []grouper.MemberStatus{
			{Name: "a/b", State: grouper.StateReady},
			{Name: "a", State: grouper.StateStarting, Group: &grouper.Status{
				Kind: grouper.KindParallel, State: grouper.StateStarting,
				Members: []grouper.MemberStatus{{Name: "b", State: grouper.StateStarting}},
			}},
		}}
		Expect("\n" + status.String()).To(Equal(`
parallel group  starting  0s
├── a/b         ready     0s
└── a           starting  0s  parallel group
    └── b       starting  0s  <- waiting
`))
	})

	It("I3: marks the members that WaitingFor returns, and no others", func() {
		random := rand.New(rand.NewPCG(1, 2))
		marks := 0
		for range 1000 {
			status := randomStatus(random, 3)
			Expect(marked(status.String())).To(Equal(status.WaitingFor()), status.String)
			marks += len(status.WaitingFor())
		}
		Expect(marks).To(BeNumerically(">", 100))
	})

	DescribeTable("I3: is drawn on one line per member, in columns, and in printable characters, even if texts have",
		func(odd string) {
			text := "a" + odd + "b"
			status := grouper.Status{Kind: grouper.KindParallel, State: grouper.StateStopping, Signal: named(text), Members: []grouper.MemberStatus{
				{Name: "plain", State: grouper.StateStopping},
				{Name: text, State: grouper.StateStopping},
				{Name: "failed", State: grouper.StateStopping, Err: errors.New(text)},
				{Name: "group", State: grouper.StateStopping, Group: &grouper.Status{
					Kind: grouper.KindOrdered, State: grouper.StateStopping, Signal: named(text),
				}},
			}}
			drawn := strings.Split(strings.TrimSuffix(status.String(), "\n"), "\n")
			Expect(drawn).To(HaveLen(5))
			for _, line := range drawn {
				Expect(line).To(Satisfy(utf8.ValidString))
				Expect(strings.ContainsFunc(line, func(r rune) bool { return !unicode.IsPrint(r) })).To(BeFalse(), "%q", line)
				_, details, _ := strings.Cut(line, "0s")
				Expect(strings.TrimSpace(details)).NotTo(ContainSubstring("  "), "is no column of its own")
			}
			for _, column := range []string{"stopping", "0s"} {
				Expect(columns(drawn, column)).To(HaveEach(columns(drawn, column)[0]), strings.Join(drawn, "\n"))
			}
			Expect(columns(drawn[3:], "error: ", "ordered group")).To(HaveEach(columns(drawn[1:2], "<- waiting")[0]), strings.Join(drawn, "\n"))
		},
		Entry("a newline", "\n"),
		Entry("a carriage return", "\r"),
		Entry("a tab", "\t"),
		Entry("a vertical tab", "\v"),
		Entry("a form feed", "\f"),
		Entry("the byte 0xFF", "\xff"),
		Entry("tabs between bytes 0xFF", "\xff\t\t\xff"),
		Entry("half of a character", "\xe2\x82"),
		Entry("a NUL", "\x00"),
		Entry("a backspace", "\b"),
		Entry("an escape sequence", "\x1b[31m"),
		Entry("a control sequence introducer", "\u009b31m"),
		Entry("a next line", "\u0085"),
		Entry("a line separator", "\u2028"),
		Entry("a right-to-left override", "\u202e"),
		Entry("a zero-width space", "\u200b"),
	)

	for how := range mutes {
		It("I2, I3: is drawn and marshaled even if its errors and signals "+how+" when asked for their text", func() {
			mute := mutes[how]
			status := grouper.Status{Kind: grouper.KindParallel, State: grouper.StateStopping, Signal: mute, Members: []grouper.MemberStatus{
				{Name: "failed", State: grouper.StateExited, Err: mute},
				{Name: "wrapped", State: grouper.StateExited, Err: grouper.ErrorTrace{{grouper.Member{"inside", nil}, mute}}},
				{Name: "group", State: grouper.StateStopping, Group: &grouper.Status{
					Kind: grouper.KindDynamic, State: grouper.StateStopping, Signal: mute,
					Members: []grouper.MemberStatus{{Name: "last", State: grouper.StateStopping}},
				}},
			}}
			Expect(status.WaitingFor()).To(HaveExactElements("group/last"))
			var drawing string
			Expect(panics(func() { drawing = status.String() })).To(BeFalse())
			drawn := strings.Split(strings.TrimSuffix(drawing, "\n"), "\n")
			Expect(drawn).To(HaveLen(5))
			Expect(drawn[1]).To(MatchRegexp("error: .+"))
			Expect(drawn[2]).To(MatchRegexp("error: .*inside"))

			var marshaled []byte
			Expect(panics(func() { marshaled, _ = json.Marshal(status) })).To(BeFalse())
			var words struct {
				Signal  string
				Members []struct{ Error string }
			}
			Expect(json.Unmarshal(marshaled, &words)).To(Succeed())
			Expect(words.Signal).NotTo(BeEmpty())
			Expect(words.Members[0].Error).NotTo(BeEmpty())
			Expect(words.Members[1].Error).To(ContainSubstring("inside"))
		})
	}

	It("I3: draws each error once, at the member that has it", bubble(func() {
		const leaves, levels = 100, 4
		members := make(grouper.Members, leaves)
		for i := range members {
			members[i] = grouper.Member{fmt.Sprint(i), ifrit.RunFunc(func(<-chan os.Signal, chan<- struct{}) error {
				return fmt.Errorf("leaf %d broke", i)
			})}
		}
		group := grouper.NewParallel(nil, members)
		for range levels - 1 {
			group = grouper.NewOrdered(nil, grouper.Members{{"nested", group}})
		}
		start(group)
		drawn := inspect(group).String()
		for i := range leaves {
			Expect(strings.Count(drawn, fmt.Sprintf("leaf %d broke", i))).To(Equal(1))
		}
	}))

	DescribeTable("I3: draws the error of a group unless its members show it:",
		func(member grouper.MemberStatus, text string) {
			member.Name, member.State = "group", grouper.StateExited
			status := grouper.Status{State: grouper.StateExited, Members: []grouper.MemberStatus{member}}
			Expect(strings.Split(status.String(), "\n")[1]).To(ContainSubstring(text))
		},
		Entry("its own", grouper.MemberStatus{
			Err:   grouper.ErrDuplicateNames{[]string{"twice"}},
			Group: &grouper.Status{State: grouper.StatePending, Members: []grouper.MemberStatus{{Name: "twice"}, {Name: "twice"}}},
		}, "Duplicate member name: twice"),
		Entry("a trace of members that it does not list", grouper.MemberStatus{
			Err:   grouper.ErrorTrace{{grouper.Member{"gone", nil}, errBoom}},
			Group: &grouper.Status{State: grouper.StateExited},
		}, "gone exited with error: boom"),
		Entry("a trace of which it lists only some", grouper.MemberStatus{
			Err: grouper.ErrorTrace{{grouper.Member{"here", nil}, errBoom}, {grouper.Member{"gone", nil}, errBoom}},
			Group: &grouper.Status{State: grouper.StateExited, Members: []grouper.MemberStatus{
				{Name: "here", State: grouper.StateExited, Err: errBoom},
			}},
		}, "gone exited with error: boom"),
		Entry("a trace of a group that cannot be seen", grouper.MemberStatus{
			Err: grouper.ErrorTrace{{grouper.Member{"inside", nil}, errBoom}},
		}, "inside exited with error: boom"),
	)
})

// named is a signal by its text.
type named string

func (named) Signal()          {}
func (n named) String() string { return string(n) }

// columns returns where one of the texts begins in each line, in characters.
func columns(lines []string, texts ...string) []int {
	GinkgoHelper()
	var columns []int
	for _, line := range lines {
		column := -1
		for _, text := range texts {
			if i := strings.Index(line, text); i >= 0 {
				column = utf8.RuneCountInString(line[:i])
			}
		}
		Expect(column).NotTo(Equal(-1), line)
		columns = append(columns, column)
	}
	return columns
}

// marked reads the paths of the marked members from a drawing.
func marked(drawing string) []string {
	var marked, path []string
	for line := range strings.Lines(drawing) {
		indent, member, found := strings.Cut(line, "── ")
		if !found {
			continue
		}
		depth := (utf8.RuneCountInString(indent) - 1) / 4
		path = append(path[:depth], strings.Fields(member)[0])
		if strings.HasSuffix(line, "<- waiting\n") {
			marked = append(marked, strings.Join(path, "/"))
		}
	}
	return marked
}

// randomStatus is the status of a group at most that deep, with names that
// read like paths.
func randomStatus(random *rand.Rand, depth int) grouper.Status {
	states := []grouper.State{grouper.StateStarting, grouper.StateReady, grouper.StateStopping, grouper.StateExited}
	state := func() grouper.State { return states[random.IntN(len(states))] }
	status := grouper.Status{State: state(), Closed: random.IntN(2) == 0}
	names := []string{"a", "b", "a/b", "b/a", "a/b/a"}
	for _, i := range random.Perm(len(names))[:random.IntN(len(names))] {
		member := grouper.MemberStatus{Name: names[i], State: state()}
		if random.IntN(3) == 0 {
			member.Err = errBoom
		}
		if random.IntN(3) == 0 {
			member.Wrapped = &grouper.WrappedStatus{Runs: random.IntN(3), State: state()}
		}
		if depth > 1 && random.IntN(2) == 0 {
			group := randomStatus(random, depth-1)
			member.Group = &group
		}
		status.Members = append(status.Members, member)
	}
	return status
}

// A stuckTree has a group of each strategy in it.
type stuckTree struct {
	root                    ifrit.Runner
	jobs                    grouper.DynamicGroup
	store, api, health, job *fakes.Runner
}

func newTree() stuckTree {
	t := stuckTree{nil, grouper.NewDynamic(nil, 0, 0), fakes.NewRunner(), fakes.NewRunner(), fakes.NewRunner(), fakes.NewRunner()}
	servers := grouper.NewParallel(nil, grouper.Members{{"api", t.api}, {"health", t.health}})
	t.root = grouper.NewOrdered(nil, grouper.Members{{"store", t.store}, {"jobs", t.jobs}, {"servers", servers}})
	return t
}
