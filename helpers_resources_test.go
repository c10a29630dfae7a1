package grouper_test

import (
	"bytes"
	"regexp"
	"runtime"
	"runtime/metrics"
	"runtime/pprof"
	"strconv"
	"strings"
)

// goroutines counts the goroutines that run code of the package: the groups' own,
// their members', and any other that the package starts. In a bubble, it counts
// those of the bubble: of a spec outside one, some may still be about to end.
func goroutines() int {
	if bubble := inBubble.FindString(stacks(false)); bubble != "" {
		return goroutinesIn(bubble)
	}
	total := 0
	for stacks := range strings.SplitSeq(goroutineProfile(), "\n\n") {
		if strings.Contains(stacks, "/grouper.") {
			count, err := strconv.Atoi(profileCount.FindStringSubmatch(stacks)[1])
			if err != nil {
				panic(err)
			}
			total += count
		}
	}
	return total
}

// inBubble matches what the stack of a goroutine says of its bubble.
var inBubble = regexp.MustCompile(`synctest bubble \d+\]`)

func goroutinesIn(bubble string) (total int) {
	for stack := range strings.SplitSeq(stacks(true), "\n\n") {
		header, frames, _ := strings.Cut(stack, "\n")
		if strings.Contains(header, bubble) && strings.Contains(frames, "/grouper.") {
			total++
		}
	}
	return total
}

// stacks returns the stacks of all goroutines, or of the caller's.
func stacks(all bool) string {
	for size := 1 << 12; ; size *= 2 {
		text := make([]byte, size)
		if n := runtime.Stack(text, all); n < size {
			return string(text[:n])
		}
	}
}

// goroutineProfile has the stacks of all goroutines, with their labels.
func goroutineProfile() string {
	var profile bytes.Buffer
	if err := pprof.Lookup("goroutine").WriteTo(&profile, 1); err != nil {
		panic(err)
	}
	return profile.String()
}

// profileCount matches the number of goroutines with the stack that follows.
var profileCount = regexp.MustCompile(`(?m)^(\d+) @ `)

// heapInUse returns the reachable memory, in bytes.
func heapInUse() int {
	runtime.GC()
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return int(stats.HeapAlloc)
}

// allocated is how many bytes the program has allocated up to now.
func allocated() uint64 {
	sample := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}
