package grouper

import (
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
)

// ErrNilRunner is the error that a [Member] without a Runner exits with when
// its turn to be started comes. It is in the [ErrorTrace] of a static group,
// and in the [ExitEvent] of a dynamic one. Compare with [errors.Is].
var ErrNilRunner = errors.New("grouper: member has a nil runner")

// ErrRunTwice reports that a Runner of this module that runs only once, such as
// a dynamic group or a server, was run again. Compare with [errors.Is].
var ErrRunTwice = errors.New("it runs only once, and was run before")

var (
	errGoexit    = errors.New("grouper: member ended its goroutine with runtime.Goexit")
	errPanicked  = errors.New("grouper: run ended by a panic that its wrapper recovered")
	errSecondRun = fmt.Errorf("grouper: dynamic group: %w", ErrRunTwice)
)

// ErrorTrace is the error of a static group: the exits of all the members
// that it started, in the order in which they happened, those without an
// error too. A group returns it if one of them was an error.
//
// [errors.Is] and [errors.As] see through it to every member's error, even in
// nested groups:
//
//	var trace grouper.ErrorTrace
//	if errors.As(err, &trace) {
//		for _, exit := range trace {
//			log.Println(exit.Member.Name, exit.Err)
//		}
//	}
//
// The nil trace is an empty one. A group does not change a trace that it has
// returned: any number of goroutines may read it.
type ErrorTrace []ExitEvent

// Error lists the exits, one per line, the lines of a nested trace among them.
// It does not panic, even if an error in it does when asked for its text.
func (trace ErrorTrace) Error() string {
	var text strings.Builder
	text.WriteString("Exit trace for group:\n")
	for _, exit := range trace {
		if exit.Err == nil {
			fmt.Fprintf(&text, "%s exited with nil\n", exit.Member.Name)
		} else {
			fmt.Fprintf(&text, "%s exited with error: %s\n", exit.Member.Name, textOf(exit.Err))
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

// LogValue implements [slog.LogValuer]. The value is a group with one attribute
// per failure, as [Failures] lists them: its key is the path, its value the
// error.
func (trace ErrorTrace) LogValue() slog.Value {
	var failures []slog.Attr
	for _, failure := range Failures(trace) {
		failures = append(failures, slog.Any(failure.Path, loggable(failure.Err)))
	}
	return slog.GroupValue(failures...)
}

// A Failure is the error of one member of a tree. See [Failures].
type Failure struct {
	Path string // servers/api; empty if the error is not a member's
	Err  error
}

// Failures lists the errors of members in an [ErrorTrace] and in the traces
// nested in it, however they are wrapped. There is one Failure per leaf, in the
// order of the exits: the first one is usually the cause. A joined error without
// a trace in it is one leaf. An error without a trace in it is one Failure with
// an empty path. Failures(nil) is empty.
func Failures(err error) []Failure {
	if err == nil {
		return nil
	}
	return failuresOr(err, "", "")
}

// failuresIn reports whether there is a trace in the error of what is at a
// path, and returns the failures in it. The prefix is that of the paths below.
func failuresIn(err error, path, prefix string) (failures []Failure, found bool) {
	if trace, is := err.(ErrorTrace); is {
		for _, exit := range trace {
			if exit.Err != nil {
				path := prefix + exit.Member.Name
				failures = append(failures, failuresOr(exit.Err, path, path+"/")...)
			}
		}
		return failures, true
	}
	for _, inner := range unwrap(err) {
		below, has := failuresIn(inner, path, prefix)
		if !has {
			below = []Failure{{path, inner}}
		}
		failures, found = append(failures, below...), found || has
	}
	return failures, found
}

// failuresOr returns the error itself if there is no trace in it.
func failuresOr(err error, path, prefix string) []Failure {
	if failures, found := failuresIn(err, path, prefix); found {
		return failures
	}
	return []Failure{{path, err}}
}

// unwrap returns the errors that an error wraps. A method that panics, as that
// of a nil pointer may, wraps none.
func unwrap(err error) (inner []error) {
	defer func() { _ = recover() }()
	switch err := err.(type) {
	case interface{ Unwrap() error }:
		inner = []error{err.Unwrap()}
	case interface{ Unwrap() []error }:
		inner = slices.Clone(err.Unwrap())
	}
	return slices.DeleteFunc(inner, func(err error) bool { return err == nil })
}

// ErrDuplicateNames reports that members of one group have the same name. A
// static group returns it before it starts any member, as does
// [Members.Validate]; a dynamic group puts it into the [ExitEvent] of the
// member that it refused. Find it with [errors.As].
type ErrDuplicateNames struct {
	// DuplicateNames has each name that occurs more than once, once, in the
	// order of their first repeats.
	DuplicateNames []string
}

// Error returns a text with all the names.
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
