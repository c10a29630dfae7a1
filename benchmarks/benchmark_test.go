package benchmarks

import (
	"flag"
	"fmt"
	"testing"
)

var large = flag.Bool("large", false, "measure large sizes too, and all that takes long")

// BenchmarkLibraries measures every work of every library, except work with a
// clock of its own: -bench 'Libraries/parallel/./10$' selects one size of one
// work. An op is the whole work; the metric ns/unit is the time for each
// member, task or lookup.
func BenchmarkLibraries(b *testing.B) {
	for _, work := range Works {
		for _, library := range Libraries {
			for _, size := range Sizes[work] {
				if job, found := library.Job(work, size); found && job.Prepare != nil && (*large || !job.Long(size)) {
					b.Run(fmt.Sprintf("%s/%s/%d", work, library.Name, size), func(b *testing.B) {
						measure(b, job.Prepare(size, nil))
					})
				}
			}
		}
	}
}

func measure(b *testing.B, op Op) {
	b.ReportAllocs()
	for b.Loop() {
		op.Start()()
		if op.Clean != nil {
			b.StopTimer()
			op.Clean()
			b.StartTimer()
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*op.Units), "ns/unit")
	if op.End != nil {
		op.End()
	}
}
