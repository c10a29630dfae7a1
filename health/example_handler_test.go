package health_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"

	"github.com/seed-3b777528/grouper"
	"github.com/seed-3b777528/grouper/fakes"
	"github.com/seed-3b777528/grouper/health"
	"github.com/tedsuo/ifrit"
)

// show prints an answer as a probe gets it.
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
