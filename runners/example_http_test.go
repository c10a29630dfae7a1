package runners_test

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"os"

	"github.com/seed-3b777528/grouper"
	"github.com/seed-3b777528/grouper/runners"
	"github.com/tedsuo/ifrit"
)

func hello(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "hello") }

func ask(url string) {
	response, err := http.Get(url)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	fmt.Println(string(body), err)
}

// A service with two servers. The listener is for the test, which cannot know
// a free port; with nil in its place the server listens on its Addr.
func ExampleHTTP() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Println(err)
		return
	}
	api := &http.Server{Handler: http.HandlerFunc(hello)}
	admin := &http.Server{Addr: "127.0.0.1:0", Handler: http.NotFoundHandler()}

	process := ifrit.Invoke(grouper.NewOrdered(os.Interrupt, grouper.Members{
		{Name: "admin", Runner: runners.HTTP(admin, nil)},
		{Name: "api", Runner: runners.HTTP(api, listener)},
	}))
	ask("http://" + listener.Addr().String())
	process.Signal(os.Interrupt) // requests under way end
	fmt.Println("error:", <-process.Wait())

	// Output:
	// hello <nil>
	// error: <nil>
}
