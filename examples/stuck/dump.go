package main

import (
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"runtime/pprof"
	"strings"
	"text/tabwriter"
)

// goroutines returns the goroutines of a member that run code of this program,
// from the goroutine profile.
func goroutines(member string) string {
	var profile strings.Builder
	_ = pprof.Lookup("goroutine").WriteTo(&profile, 1) // a Builder takes everything
	return labeled(profile.String(), member)
}

// traceback returns the same goroutines as a panic or SIGQUIT would print them.
// Go 1.25 has no labels there, and nothing is found.
func traceback(member string) (string, error) {
	if err := os.Setenv("GODEBUG", "tracebacklabels=1"); err != nil {
		return "", err
	}
	buffer := make([]byte, 1<<20)
	return labeled(string(buffer[:runtime.Stack(buffer, true)]), member), nil
}

func labeled(stacks, member string) string {
	label := regexp.MustCompile(`"grouper\.member": ?` + regexp.QuoteMeta(fmt.Sprintf("%q", member)) + `}`)
	ours := regexp.MustCompile(`(?m)^(#.*\t)?main\.`)
	var found []string
	for stack := range strings.SplitSeq(strings.TrimSpace(stacks), "\n\n") {
		if label.MatchString(stack) && ours.MatchString(stack) {
			found = append(found, withoutPlaces(stack))
		}
	}
	return strings.Join(found, "\n")
}

// places are addresses and folders. They differ from machine to machine.
var places = []struct {
	pattern   *regexp.Regexp
	shortened string
}{
	// of the goroutine profile
	{regexp.MustCompile(`(?m) @ 0x.*$`), " @ ..."},
	{regexp.MustCompile(`(?m)^#\t+0x\S+\t+(\S+)\+0x\S+\t+.*?([^/\\]+:\d+)$`), "#  $1\t$2"},
	// of a traceback
	{regexp.MustCompile(`(?m)^([^#\s].*)\([^()]+\)$`), "$1(...)"},
	{regexp.MustCompile(`(?m)^\t.*?([^/\\]+:\d+)( \+0x\S+)?$`), "    $1"},
}

func withoutPlaces(stack string) string {
	for _, place := range places {
		stack = place.pattern.ReplaceAllString(stack, place.shortened)
	}
	var text strings.Builder
	aligned := tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)
	fmt.Fprintln(aligned, stack)
	aligned.Flush()
	return text.String()
}

// tags asks pprof how a profile's samples are labeled.
func tags(profile string) (string, error) {
	command := exec.Command("go", "tool", "pprof", "-tags", profile)
	var complaints strings.Builder
	command.Stderr = &complaints
	output, err := command.Output()
	if err != nil {
		return "", fmt.Errorf("go tool pprof: %w\n%s", err, complaints.String())
	}
	return strings.TrimRight(string(output), "\n") + "\n", nil
}
