// Shutdown is a service with one member that stops, fails or does neither, to
// see how a service ends, and with which status:
//
//	go run -C examples ./production/shutdown -member deaf
package main

import (
	"errors"
	"flag"
	"log"
	"os"
	"time"

	"github.com/seed-3b777528/grouper"
	"github.com/seed-3b777528/grouper/fakes"
	"github.com/seed-3b777528/grouper/service"
	"github.com/tedsuo/ifrit"
)

var members = map[string]ifrit.RunFunc{
	"good":   fakes.Idle().Run,
	"stuck":  stuck,
	"deaf":   deaf,
	"broken": func(<-chan os.Signal, chan<- struct{}) error { return errors.New("no such database") },
	"panics": func(<-chan os.Signal, chan<- struct{}) error { panic("a bug") },
}

func main() {
	name := flag.String("member", "good", "`name` of the member: good, stuck, deaf, broken or panics")
	drain := flag.Duration("drain", 2*time.Second, "")
	grace := flag.Duration("grace", 4*time.Second, "")
	force := flag.Duration("force", time.Second, "")
	flag.Parse()
	member := members[*name]
	if member == nil {
		log.Fatalf("there is no member %q", *name)
	}
	service.Main(grouper.NewOrdered(os.Interrupt, grouper.Members{{Name: *name, Runner: member}}), service.Options{
		Drain:    *drain,
		Grace:    *grace,
		Force:    *force,
		Patience: *grace / 2,
	})
}

// stuck stops only when it is forced to.
func stuck(signals <-chan os.Signal, ready chan<- struct{}) error {
	close(ready)
	for <-signals != os.Kill {
	}
	return nil
}

func deaf(_ <-chan os.Signal, ready chan<- struct{}) error {
	close(ready)
	select {}
}
