package grouper_test

import (
	"fmt"
	"os"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/seed-3b777528/grouper"
	"github.com/tedsuo/ifrit"
)

var _ = Describe("A member's goroutine", func() {
	It("I4: is labeled with its path, and so is what it starts", bubble(func() {
		helper := func(stop <-chan struct{}) { <-stop }
		member := ifrit.RunFunc(func(signals <-chan os.Signal, ready chan<- struct{}) error {
			stop := make(chan struct{})
			defer close(stop)
			go helper(stop)
			close(ready)
			<-signals
			return nil
		})
		jobs := grouper.NewDynamic(interrupt, 0, 0)
		inner := grouper.NewQueueOrdered(interrupt, grouper.Members{{"deep", member}, {"jobs", jobs}})
		wrapped := ifrit.RunFunc(grouper.NewParallel(interrupt, grouper.Members{{"fresh", member}}).Run)
		run := start(grouper.NewParallel(interrupt, grouper.Members{{"plain", member}, {"inner", inner}, {"wrapper", wrapped}}))
		jobs.Client().Inserter() <- grouper.Member{"job", member}
		settle()
		Expect(labels()).To(And(
			HaveKeyWithValue("plain", 2), HaveKeyWithValue("inner/deep", 2), HaveKeyWithValue("inner/jobs/job", 2),
			HaveKeyWithValue("inner", 1), HaveKeyWithValue("inner/jobs", 1),
			HaveKeyWithValue("wrapper", 1), HaveKeyWithValue("fresh", 2),
		))
		run.signal(interrupt)
		Expect(run.exited).To(BeTrue())
	}))
})

// labels counts the goroutines that are labeled with each path.
func labels() map[string]int {
	counts := make(map[string]int)
	count := 0
	for line := range strings.Lines(goroutineProfile()) {
		if n, err := fmt.Sscanf(line, "%d @", &count); n == 1 && err == nil {
			continue
		}
		var path string
		if n, err := fmt.Sscanf(line, `# labels: {"grouper.member":%q}`, &path); n == 1 && err == nil {
			counts[path] += count
		}
	}
	return counts
}
