package grouper_test

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/seed-3b777528/grouper"
	"github.com/tedsuo/ifrit"
)

var _ = Describe("Listeners", func() {
	// A refused member (D3) has an exit event and costs no goroutine.
	It("L5: cost a bounded allocation per event, however many are unread", func() {
		const events, most = 50_000, 256 << 10
		dynamic := grouper.NewDynamic(nil, 0, 0)
		process := ifrit.Invoke(dynamic)
		client := dynamic.Client()
		client.Inserter() <- grouper.Member{"busy", untilSignaled}
		listener := client.ExitListener()
		largest := uint64(0)
		runtime.GC() // counts what was allocated before; no other one may do so in between
		defer debug.SetGCPercent(debug.SetGCPercent(-1))
		for i := range events {
			before := allocated()
			client.Inserter() <- grouper.Member{"busy", refused(i)}
			client.Get("nobody") // returns when the loop is done with the insert
			largest = max(largest, allocated()-before)
		}
		process.Signal(interrupt)
		for i := range events {
			event := <-listener
			if event.Member.Runner != refused(i) {
				Fail(fmt.Sprintf("event %d is of %v", i, event.Member.Runner))
			}
		}
		Expect(<-listener).To(HaveField("Err", BeNil()))
		Eventually(listener).WithTimeout(forever).Should(BeClosed())
		Expect(largest).To(BeNumerically("<", most))
	})
})

// A refused runner has a number, and never runs.
type refused int

func (refused) Run(<-chan os.Signal, chan<- struct{}) error { panic("was not refused") }
