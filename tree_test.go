package grouper_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"
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

	It("I3: is drawn with ages of a readable number of digits", func() {
		for age, want := range map[time.Duration]string{
			1500400 * time.Microsecond: "  1.5s\n",
			59900 * time.Millisecond:   "  59.9s\n",
			90400 * time.Millisecond:   "  1m30s\n",
		} {
			Expect(grouper.Status{State: grouper.StateReady, For: age}.String()).To(HaveSuffix(want))
		}
	})

	It("I3: is drawn on one line per member, whatever the names", func() {
		group := grouper.NewParallel(nil, grouper.Members{{"two\nlines", nil}, {"", nil}})
		Expect("\n" + inspect(group).String()).To(Equal(`
parallel group    pending
├── "two\nlines"  pending
└──               pending
`))
	})

	It("I3: does not mark a member whose name reads like the path of one that is waited for", func() {
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
})

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

// randomStatus returns the status of a group of at most this depth, with names
// that read like paths.
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
