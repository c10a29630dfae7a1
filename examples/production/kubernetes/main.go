// Kubernetes is a service whose limits fit the deployment beside it.
package main

import (
	"flag"
	"io"
	"net/http"
	"os"
	"time"

	"github.com/seed-3b777528/grouper"
	"github.com/seed-3b777528/grouper/runners"
	"github.com/seed-3b777528/grouper/service"
)

var (
	api   = flag.String("api", ":8080", "`address` of the API")
	admin = flag.String("admin", ":8081", "`address` of /livez, /readyz and /status")
)

func main() {
	flag.Parse()
	root := grouper.NewOrdered(os.Interrupt, grouper.Members{
		{Name: "api", Runner: runners.HTTP(&http.Server{Addr: *api, Handler: http.HandlerFunc(hello)}, nil)},
	})
	service.Main(root, options(*admin))
}

func options(admin string) service.Options {
	return service.Options{
		Admin:   admin,
		StartUp: time.Minute,
		Drain:   5 * time.Second,
		Grace:   20 * time.Second,
		Force:   time.Second,
	}
}

func hello(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "hello\n") }
