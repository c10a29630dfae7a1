package grouper

import (
	"errors"
	"fmt"
	"strings"
)

// ErrNilRunner is the error that a [Member] without a Runner exits with when
// its turn to be started comes. It is in the [ErrorTrace] of a static group,
// and in the [ExitEvent] of a dynamic one. Compare with [errors.Is].
var ErrNilRunner = errors.New("grouper: member has a nil runner")

var (
	errGoexit    = errors.New("grouper: member ended its goroutine with runtime.Goexit")
	errSecondRun = errors.New("grouper: a dynamic group runs only once, and this one was run before")
)

// ErrorTrace is the error of a static group: the exits of all the members
// that it started, in the order in which they happened, those without an
// error too. A group returns it if one of them was an error.
//
// [errors.Is] and [errors.As] see through it to every member's error, also
// where groups are nested:
//
//	var trace grouper.ErrorTrace
//	if errors.As(err, &trace) {
//		for _, exit := range trace {
//			log.Println(exit.Member.Name, exit.Err)
//		}
//	}
//
// The nil trace is an empty one. A trace that a group has returned is not
// changed any more: it may be read by any number of goroutines.
type ErrorTrace []ExitEvent

// Error lists the exits, one a line, the lines of a nested trace among them.
func (trace ErrorTrace) Error() string {
	var text strings.Builder
	text.WriteString("Exit trace for group:\n")
	for _, exit := range trace {
		if exit.Err == nil {
			fmt.Fprintf(&text, "%s exited with nil\n", exit.Member.Name)
		} else {
			fmt.Fprintf(&text, "%s exited with error: %s\n", exit.Member.Name, exit.Err.Error())
		}
	}
	return text.String()
}

// ErrorOrNil returns the trace if one of its exits has an error, and
// otherwise nil, which compares equal to nil as an error.
func (trace ErrorTrace) ErrorOrNil() error {
	for _, exit := range trace {
		if exit.Err != nil {
			return trace
		}
	}
	return nil
}

// Unwrap returns the errors of the exits that have one, in their order. It is
// there for [errors.Is] and [errors.As].
func (trace ErrorTrace) Unwrap() []error {
	var errs []error
	for _, exit := range trace {
		if exit.Err != nil {
			errs = append(errs, exit.Err)
		}
	}
	return errs
}

// ErrDuplicateNames says that members of one group have the same name. A
// static group returns it before it starts any member, as does
// [Members.Validate]; a dynamic group puts it into the [ExitEvent] of the
// member that it did not take. Find it with [errors.As].
type ErrDuplicateNames struct {
	// DuplicateNames has each name that occurs more than once, once, in the
	// order of their first repeats.
	DuplicateNames []string
}

// Error gives all the names.
func (e ErrDuplicateNames) Error() string {
	switch len(e.DuplicateNames) {
	case 0:
		return "No duplicate member names\n"
	case 1:
		return "Duplicate member name: " + e.DuplicateNames[0] + "\n"
	default:
		return "Duplicate member names: " + strings.Join(e.DuplicateNames, ", ") + "\n"
	}
}
