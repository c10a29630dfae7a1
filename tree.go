package grouper

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"
	"unicode"
	"unicode/utf8"
)

// String draws the group as a tree, one line per member, and marks the members
// that [Status.WaitingFor] returns:
//
//	ordered group   stopping  2s      terminated
//	├── store       ready     1h0m5s
//	└── servers     stopping  2s      parallel group, terminated
//	    ├── api     stopping  2s      <- waiting
//	    └── health  exited    2s      error: connection lost
//
// The run inside a [Wrap] is drawn where it says more than the member: after more
// than one run, or in another state. Each error is drawn once: a group does not
// repeat the errors of its members. Names and texts that would break the lines
// are quoted.
func (s Status) String() string {
	var padded, text strings.Builder
	columns := tabwriter.NewWriter(&padded, 0, 0, 2, ' ', 0)
	drawLine(columns, strings.TrimSpace(string(s.Kind)+" group"), s.State, s.For, s.details())
	s.drawMembers(columns, "", true, true)
	columns.Flush()
	for line := range strings.Lines(padded.String()) {
		text.WriteString(strings.TrimRight(line, " \n") + "\n")
	}
	return text.String()
}

// drawMembers draws the members, and marks the ones that the group waits for if
// the group itself is waited for.
func (s Status) drawMembers(columns *tabwriter.Writer, indent string, waitedFor, asked bool) {
	waitsFor, askBelow := s.waitsFor(asked)
	for i := range s.Members {
		member := &s.Members[i]
		branch, below := "├── ", "│   "
		if i == len(s.Members)-1 {
			branch, below = "└── ", "    "
		}
		waiting := waitedFor && waitsFor(member)
		details := member.details()
		if waiting && (member.Group == nil || !member.Group.waitsForAny(askBelow)) {
			details = append(details, "<- waiting")
		}
		drawLine(columns, indent+branch+printable(member.Name), member.State, member.For, details)
		if member.Group != nil {
			member.Group.drawMembers(columns, indent+below, waiting, askBelow)
		}
	}
}

func (s Status) waitsForAny(asked bool) bool {
	waitsFor, _ := s.waitsFor(asked)
	return slices.ContainsFunc(s.Members, func(m MemberStatus) bool { return waitsFor(&m) })
}

func drawLine(columns *tabwriter.Writer, name string, state State, d time.Duration, details []string) {
	fmt.Fprintf(columns, "%s\t%s\t%s\t%s\n", name, state, age(state, d), strings.Join(details, ", "))
}

func (s Status) details() []string {
	var details []string
	if s.Signal != nil {
		details = append(details, oneLine(textOf(s.Signal)))
	} else if s.Closed {
		details = append(details, "closed")
	}
	return details
}

func (m *MemberStatus) details() []string {
	var details []string
	if m.Group != nil {
		details = append(append(details, string(m.Group.Kind)+" group"), m.Group.details()...)
	}
	if m.Wrapped != nil && m.Wrapped.saysMore(m.State) {
		run := *m.Wrapped
		if m.showsBelow(run.Err) || textOf(run.Err) == textOf(m.Err) {
			run.Err = nil
		}
		details = append(details, run.String())
	}
	if m.Err != nil && !m.showsBelow(m.Err) {
		details = append(details, "error: "+oneLine(textOf(m.Err)))
	}
	return details
}

// showsBelow reports whether an error is the trace of a group whose members
// show all that is in it.
func (m *MemberStatus) showsBelow(err error) bool {
	trace, isTrace := err.(ErrorTrace)
	if !isTrace || m.Group == nil {
		return false
	}
	shown := make(map[string]bool)
	for i := range m.Group.Members {
		shown[m.Group.Members[i].Name] = m.Group.Members[i].Err != nil
	}
	return !slices.ContainsFunc(trace, func(exit ExitEvent) bool { return exit.Err != nil && !shown[exit.Member.Name] })
}

// saysMore reports whether there is more to say than the state of the member. A
// run that is ready, inside a member that is stopping, is not news.
func (w *WrappedStatus) saysMore(member State) bool {
	switch {
	case w.Runs == 0:
		return false
	case w.Runs > 1:
		return true
	}
	return w.State != member && (member != StateStopping || w.State == StateExited)
}

// String describes the run in a few words: "down 2s after 4 runs: connection
// refused", "run 5 starting 1s".
func (w WrappedStatus) String() string {
	if w.State != StateExited {
		return strings.TrimSpace(fmt.Sprintf("run %d %s %s", w.Runs, w.State, age(w.State, w.For)))
	}
	text := fmt.Sprintf("down %s after %d runs", age(w.State, w.For), w.Runs)
	if w.Runs == 1 {
		text = strings.TrimSuffix(text, "s")
	}
	if w.Err != nil {
		text += ": " + oneLine(textOf(w.Err))
	}
	return text
}

// printable returns a name as it is, unless it would spoil the drawing.
func printable(name string) string {
	if !utf8.ValidString(name) || strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return strconv.Quote(name)
	}
	return name
}

// oneLine returns a text without line breaks, and with whatever else cannot be
// printed escaped.
func oneLine(text string) string {
	text = strings.Join(strings.FieldsFunc(text, func(r rune) bool { return r == '\n' }), "; ")
	if text == printable(text) {
		return text
	}
	quoted := strconv.Quote(text)
	return strings.ReplaceAll(quoted[1:len(quoted)-1], `\"`, `"`)
}

// age returns for how long something has been in its state, with no more digits
// than anybody reads. What is pending has no age.
func age(state State, d time.Duration) string {
	if state == StatePending || state == "" {
		return ""
	}
	if d >= time.Minute {
		return d.Round(time.Second).String()
	}
	return d.Round(time.Millisecond).String()
}
