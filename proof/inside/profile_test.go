package inside

import (
	"bytes"
	"maps"
	"runtime/pprof"
	"slices"
	"strings"
	"testing"

	"github.com/google/pprof/profile"
)

// wantEqual compares what can be listed.
func wantEqual[T comparable](t *testing.T, what string, got, want []T) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s %v, wanted was %v", what, got, want)
	}
}

// A sample is a stack of a profile, with functions named as in inside.serve,
// the innermost first.
type sample struct {
	count int64
	label string // the path of a member (I4)
	stack []string
}

type samples []sample

// dump is one dump of all goroutines.
func dump(t *testing.T) samples {
	t.Helper()
	var dumped bytes.Buffer
	if err := pprof.Lookup("goroutine").WriteTo(&dumped, 0); err != nil {
		t.Fatal(err)
	}
	return parseProfile(t, &dumped)
}

func parseProfile(t *testing.T, recorded *bytes.Buffer) (all samples) {
	t.Helper()
	parsed, err := profile.Parse(recorded)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range parsed.Sample {
		one := sample{count: s.Value[0], label: strings.Join(s.Label["grouper.member"], " and ")}
		for _, location := range s.Location {
			for _, line := range location.Line {
				name := line.Function.Name
				one.stack = append(one.stack, name[strings.LastIndex(name, "/")+1:])
			}
		}
		all = append(all, one)
	}
	return all
}

// labels returns each label in the profile.
func (s samples) labels() []string {
	labels := map[string]bool{}
	for _, one := range s {
		if one.label != "" {
			labels[one.label] = true
		}
	}
	return slices.Sorted(maps.Keys(labels))
}

// of returns the samples with a label.
func (s samples) of(label string) (some samples) {
	for _, one := range s {
		if one.label == label {
			some = append(some, one)
		}
	}
	return some
}

// through returns the samples whose stack goes through a function.
func (s samples) through(function string) (some samples) {
	for _, one := range s {
		if slices.Contains(one.stack, function) {
			some = append(some, one)
		}
	}
	return some
}

func (s samples) count() (count int64) {
	for _, one := range s {
		count += one.count
	}
	return count
}

// wantStuck finds the one goroutine that is held up in a function, and the one
// that the member has started: only these two have its path.
func (s samples) wantStuck(t *testing.T, function, path string) {
	t.Helper()
	stuck, of := s.through(function), s.of(path)
	counts := []int64{stuck.count(), stuck.of(path).count(), of.through("inside.serve").count(), of.count()}
	wantEqual(t, "stuck in all, stuck in "+path+", started by it, and all of it:", counts, []int64{1, 1, 1, 2})
}
