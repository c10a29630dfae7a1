package service

import (
	"fmt"
	"strings"

	"github.com/seed-3b777528/grouper"
)

// A GaveUpError says that Run did not wait for the root any longer: its start
// took too long, or its stop had to be forced. Find it with [errors.As], as a
// value or a pointer. It is plain data.
type GaveUpError struct {
	Reason     string         // "the start took longer than 1m0s", "a second signal", ...
	WaitingFor []string       // the paths of the members that were waited for then
	Status     grouper.Status // of the root then; zero if Inspect cannot see into it
	Stacks     string         // of the goroutines of those members, as text
	Err        error          // what the root had returned, if it had
}

// Error returns the reason, the paths and the drawn tree, but not the stacks.
func (e GaveUpError) Error() string {
	var text strings.Builder
	fmt.Fprintf(&text, "gave up: %s", e.Reason)
	if len(e.WaitingFor) > 0 {
		fmt.Fprintf(&text, ", waiting for %s", strings.Join(quoted(e.WaitingFor), ", "))
	}
	if e.Status.Kind != "" {
		fmt.Fprintf(&text, "\n%v", e.Status)
	}
	return text.String()
}

// Unwrap returns Err.
func (e GaveUpError) Unwrap() error { return e.Err }

// As makes errors.As find a pointer, too.
func (e GaveUpError) As(target any) bool {
	pointer, ok := target.(**GaveUpError)
	if ok {
		*pointer = &e
	}
	return ok
}

// quoted quotes the paths that would break a line.
func quoted(paths []string) []string {
	var lines []string
	for _, path := range paths {
		if line := fmt.Sprintf("%q", path); line != `"`+path+`"` {
			path = line
		}
		lines = append(lines, path)
	}
	return lines
}
