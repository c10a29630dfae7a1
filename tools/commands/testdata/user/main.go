// User is a service on the original, as its users write one. A worker of it
// computes, so that there is something to be seen in a profile.
package main

import (
	"log"
	"net/http"
	_ "net/http/pprof"
	"os"

	"github.com/tedsuo/ifrit"
	"github.com/tedsuo/ifrit/grouper"
	"github.com/tedsuo/ifrit/http_server"
	"github.com/tedsuo/ifrit/sigmon"
)

func main() {
	workers := grouper.NewParallel(os.Interrupt, grouper.Members{
		{"resize", ifrit.RunFunc(resize)},
	})
	root := grouper.NewOrdered(os.Interrupt, grouper.Members{
		{"workers", workers},
		{"profiles", http_server.New("localhost:6060", http.DefaultServeMux)},
	})
	if err := <-ifrit.Invoke(sigmon.New(root)).Wait(); err != nil {
		log.Fatal(err)
	}
}

func resize(signals <-chan os.Signal, ready chan<- struct{}) error {
	close(ready)
	for {
		select {
		case <-signals:
			return nil
		default:
		}
	}
}
