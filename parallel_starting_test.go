package grouper_test

import (
	"strconv"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/seed-3b777528/grouper"
)

var _ = Describe("A parallel group", func() {
	It("P1: is not ready before the last member is, whichever that is", bubble(func() {
		const size = 8
		for last := range size {
			members, runners := crew(size)
			run := start(grouper.NewParallel(nil, members))
			for i, runner := range runners {
				if i != last {
					ready(runner)
				}
			}
			Expect(run.ready).NotTo(BeClosed(), strconv.Itoa(last))
			ready(runners[last])
			Expect(run.ready).To(BeClosed(), strconv.Itoa(last))
			for _, runner := range runners {
				exit(runner, nil)
			}
			Expect(run.exited).To(BeTrue())
		}
	}))
})
