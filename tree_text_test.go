package grouper_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"unicode"
	"unicode/utf8"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/seed-3b777528/grouper"
	"github.com/tedsuo/ifrit"
)

var _ = Describe("A status", func() {
	DescribeTable("I3: is drawn on one line per member, in columns, in printable characters, even if text contains",
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
		Entry("a trace with an error that the member does not show", grouper.MemberStatus{
			Err: grouper.ErrorTrace{{grouper.Member{"here", nil}, errBoom}},
			Group: &grouper.Status{State: grouper.StateExited, Members: []grouper.MemberStatus{
				{Name: "here", State: grouper.StateExited},
			}},
		}, "here exited with error: boom"),
		Entry("a trace of a group that cannot be seen", grouper.MemberStatus{
			Err: grouper.ErrorTrace{{grouper.Member{"inside", nil}, errBoom}},
		}, "inside exited with error: boom"),
	)
})

// A mutter is a signal with no text.
type mutter struct{}

func (mutter) Signal()          {}
func (m mutter) String() string { panic(m) }

var _ = Describe("The drawing", func() {
	It("I3: has the type of what has no text", func() {
		Expect(grouper.Status{State: grouper.StateStopping, Signal: mutter{}}.String()).
			To(ContainSubstring("grouper_test.mutter without a text"))
	})

	It("I3: has texts as they are, and escapes only what cannot be printed", func() {
		for text, drawn := range map[string]string{
			`C:\temp is "full"`:    `C:\temp is "full"`,
			"two\nlines":           "two; lines",
			"a \"bell\" \a and \\": `a "bell" \a and \\`,
		} {
			lines := grouper.Status{State: grouper.StateStopping, Signal: named(text)}.String()
			Expect(lines).To(HaveSuffix("  " + drawn + "\n"))
		}
	})

	It("I3, I7: is silent about a run that goes on while its member stops", func() {
		Expect(grouper.Status{Members: []grouper.MemberStatus{{
			Name: "wrapped", State: grouper.StateStopping, Wrapped: &grouper.WrappedStatus{Runs: 1, State: grouper.StateReady},
		}}}.String()).NotTo(ContainSubstring("run 1"))
	})

	It("I3: does not repeat at a Wrap what the members of its last run show", func() {
		drawn := grouper.Status{State: grouper.StateReady, Members: []grouper.MemberStatus{{
			Name: "wrapped", State: grouper.StateReady,
			Wrapped: &grouper.WrappedStatus{
				Runs: 1, State: grouper.StateExited, Err: grouper.ErrorTrace{{grouper.Member{"here", nil}, errBoom}},
			},
			Group: &grouper.Status{State: grouper.StateExited, Members: []grouper.MemberStatus{
				{Name: "here", State: grouper.StateExited, Err: errBoom},
			}},
		}}}.String()
		Expect(strings.Count(drawn, "boom")).To(Equal(1), drawn)
	})
})

// named is a signal by its text.
type named string

func (named) Signal()          {}
func (n named) String() string { return string(n) }

// columns returns where one of the texts begins on each line, in characters.
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
