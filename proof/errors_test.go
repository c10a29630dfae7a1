package proof

import (
	"errors"
	"strings"
	"testing"

	"github.com/seed-3b777528/grouper"
)

// FuzzErrorTexts builds traces from text: one line per exit, with the name and,
// after a tab, the error, which is itself a trace if it ends in a colon.
func FuzzErrorTexts(f *testing.F) {
	for _, lines := range []string{
		"", "a", "a\tboom", "a\tboom\nb", "a\nb\tone:\nc\ttwo:\nd", "a\na\na", "\t", "é\t%s%d\n\x00\t\xff", "a\nb\na\nb\nb",
	} {
		f.Add(lines)
	}
	f.Fuzz(func(t *testing.T, lines string) {
		trace, text, errs := build(strings.Split(lines, "\n"))
		if trace.Error() != text {
			t.Errorf("E1: got %q, want %q", trace, text)
		}
		for _, err := range errs {
			if !errors.Is(trace, err) {
				t.Errorf("E2: %q is not found in %q", err, trace)
			}
		}
		if failed := strings.Contains(text, " exited with error: "); !failed && trace.ErrorOrNil() != nil {
			t.Errorf("S1: %q is an error", trace)
		}
		if len(errs) > 0 && trace.ErrorOrNil() == nil {
			t.Errorf("S1: %q is no error", trace)
		}
		checkDuplicates(t, trace)
	})
}

// build returns a trace, its text, and the errors in it.
func build(lines []string) (trace grouper.ErrorTrace, text string, errs []error) {
	text = "Exit trace for group:\n"
	for i, line := range lines {
		name, message, failed := strings.Cut(line, "\t")
		event := grouper.ExitEvent{Member: grouper.Member{Name: name}}
		nested := strings.HasSuffix(message, ":")
		switch {
		case nested:
			inner, innerText, innerErrs := build(lines[i+1:])
			event.Err, message, errs = inner, innerText, append(errs, innerErrs...)
		case failed:
			event.Err = errors.New(message)
			errs = append(errs, event.Err)
		}
		if event.Err == nil {
			text += name + " exited with nil\n"
		} else {
			text += name + " exited with error: " + message + "\n"
		}
		trace = append(trace, event)
		if nested {
			break
		}
	}
	return trace, text, errs
}

// checkDuplicates checks Validate against G1, and its error's text against E1.
func checkDuplicates(t *testing.T, trace grouper.ErrorTrace) {
	var members grouper.Members
	var want []string
	seen := make(map[string]int)
	for _, event := range trace {
		name := event.Member.Name
		members = append(members, event.Member)
		if seen[name]++; seen[name] == 2 {
			want = append(want, name)
		}
	}
	err := members.Validate()
	var duplicates grouper.ErrDuplicateNames
	if errors.As(err, &duplicates) != (want != nil) || strings.Join(duplicates.DuplicateNames, "\n") != strings.Join(want, "\n") {
		t.Errorf("G1: got %v, want %q", err, want)
	}
	for _, name := range want {
		if !strings.Contains(err.Error(), name) {
			t.Errorf("E1: %q is not in %q", name, err)
		}
	}
	if len(want) == 1 && err.Error() != "Duplicate member name: "+want[0]+"\n" {
		t.Errorf("E1: got %q", err)
	}
}
