package service

import (
	"bytes"
	"fmt"
	"runtime/pprof"
	"slices"
	"strings"

	"github.com/google/pprof/profile"
)

// stacksOf returns the stacks of the goroutines that carry the profiler label of
// one of the members, or of one below it.
func stacksOf(paths []string) string {
	var encoded bytes.Buffer
	if err := pprof.Lookup("goroutine").WriteTo(&encoded, 0); err != nil {
		return err.Error()
	}
	goroutines, err := profile.Parse(&encoded)
	if err != nil {
		return err.Error()
	}
	var text strings.Builder
	for _, sample := range goroutines.Sample {
		for _, label := range sample.Label["grouper.member"] {
			if slices.ContainsFunc(paths, func(path string) bool { return label == path || strings.HasPrefix(label, path+"/") }) {
				writeStack(&text, label, sample)
			}
		}
	}
	return text.String()
}

func writeStack(text *strings.Builder, member string, sample *profile.Sample) {
	fmt.Fprintf(text, "%d goroutine(s) of %q:\n", sample.Value[0], member)
	for _, location := range sample.Location {
		for _, line := range location.Line {
			fmt.Fprintf(text, "\t%s\n\t\t%s:%d\n", line.Function.Name, line.Function.Filename, line.Line)
		}
	}
	text.WriteByte('\n')
}
