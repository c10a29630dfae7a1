package health_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"sync/atomic"

	"github.com/seed-3b777528/grouper"
	"github.com/seed-3b777528/grouper/health"
	"github.com/tedsuo/ifrit"
)

// A drain makes a readiness probe fail while the service still works.
type drain struct{ begun atomic.Bool }

// before answers in place of next once the drain has begun.
func (d *drain) before(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !d.begun.Load() {
			next.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Cache-Control", "no-store")
		http.Error(w, "draining", http.StatusServiceUnavailable)
	})
}

// A service that drains says no before it stops. Package service does so with
// its option Drain.
func ExampleReady() {
	root := grouper.NewOrdered(os.Interrupt, nil)
	process := ifrit.Invoke(root)

	var drain drain
	mux := http.NewServeMux()
	mux.Handle("/", health.Handler(root))
	mux.Handle("GET /readyz", drain.before(health.Ready(root)))
	probe := func() {
		answer := httptest.NewRecorder()
		mux.ServeHTTP(answer, httptest.NewRequest("GET", "/readyz", nil))
		fmt.Print(answer.Code, " ", answer.Body)
	}

	probe()
	drain.begun.Store(true)
	probe()
	process.Signal(os.Interrupt)
	<-process.Wait()

	// Output:
	// 200 ready
	// 503 draining
}
