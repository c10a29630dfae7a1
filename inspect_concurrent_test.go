package grouper_test

import (
	"runtime"
	"sync"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/seed-3b777528/grouper"
)

var _ = Describe("Inspect", func() {
	// The race detector checks that this is safe.
	for _, kind := range allKinds {
		It("I1: may be called from any goroutine while members start and exit in a group that is "+kind.name, func() {
			members := crowd(100, untilSignaled)
			group, begin := inspectable(kind, members)
			var callers sync.WaitGroup
			for range 2 {
				callers.Go(func() {
					for status, _ := grouper.Inspect(group); status.State != exited; status, _ = grouper.Inspect(group) {
						runtime.Gosched()
					}
				})
			}
			process := begin()
			process.Signal(interrupt)
			Eventually(process.Wait()).WithTimeout(forever).Should(Receive())
			callers.Wait()
		})
	}
})
