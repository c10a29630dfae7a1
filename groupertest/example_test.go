package groupertest_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"

	"github.com/seed-3b777528/grouper"
	"github.com/seed-3b777528/grouper/groupertest"
	"github.com/seed-3b777528/grouper/runners"
)

// A test of a service, in a file of tests TestTheServiceSaysHello. The service is
// ready when Start returns, and has stopped without an error when the test has
// passed.
func testTheServiceSaysHello(t *testing.T) {
	served := httptest.NewUnstartedServer(nil) // has a free port
	served.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "hello") })
	groupertest.Start(t, grouper.NewOrdered(os.Interrupt, grouper.Members{
		{Name: "store", Runner: runners.OpenClose(nil, nil)},
		{Name: "api", Runner: runners.HTTP(served.Config, served.Listener)},
	}))

	response, err := http.Get("http://" + served.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if body, err := io.ReadAll(response.Body); string(body) != "hello" {
		t.Errorf("got %q, %v", body, err)
	}
}

func ExampleStart() {
	var t *testing.T // which go test passes to a test
	testTheServiceSaysHello(t)
}
