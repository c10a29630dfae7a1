package health_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"sync/atomic"

	"github.com/seed-3b777528/grouper"
	"github.com/seed-3b777528/grouper/fakes"
	"github.com/seed-3b777528/grouper/health"
	"github.com/tedsuo/ifrit"
)

// A readiness probe sees who is waited for.
func ExampleHandler() {
	store, api := fakes.NewRunner(), fakes.NewRunner()
	root := grouper.NewOrdered(os.Interrupt, grouper.Members{
		{Name: "store", Runner: store},
		{Name: "api", Runner: api},
	})
	admin := httptest.NewServer(health.Handler(root))
	defer admin.Close()

	process := ifrit.Background(root)
	store.TriggerReady()
	api.WaitForStart()
	show(admin.URL + "/readyz")

	api.TriggerReady()
	<-process.Ready()
	show(admin.URL + "/readyz")

	api.TriggerExit(nil)
	store.WaitForSignal()
	store.TriggerExit(nil)
	<-process.Wait()

	// Output:
	// 503 Service Unavailable
	// starting
	// api
	// 200 OK
	// ready
}

// A service that drains says no before it stops.
func ExampleReady() {
	root := grouper.NewOrdered(os.Interrupt, nil)
	process := ifrit.Invoke(root)

	var draining atomic.Bool
	readyz := health.Ready(root)
	mux := http.NewServeMux()
	mux.Handle("/", health.Handler(root))
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		if !draining.Load() {
			readyz.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Cache-Control", "no-store")
		http.Error(w, "draining", http.StatusServiceUnavailable)
	})
	admin := httptest.NewServer(mux)
	defer admin.Close()

	show(admin.URL + "/readyz")
	draining.Store(true)
	show(admin.URL + "/readyz")

	process.Signal(os.Interrupt)
	<-process.Wait()

	// Output:
	// 200 OK
	// ready
	// 503 Service Unavailable
	// draining
}

func show(url string) {
	answer, err := http.Get(url)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	fmt.Printf("%s\n%s", answer.Status, body)
	if err != nil {
		fmt.Println(err)
	}
}
