//go:build unix

package endtoend

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"syscall"

	"github.com/seed-3b777528/grouper"
	"github.com/tedsuo/ifrit"
	"github.com/tedsuo/ifrit/sigmon"
)

type config struct {
	echo, api, health string // addresses
	fails, panics     string // names of parts
	witness           bool
}

func parse(args []string) (c config) {
	flags := flag.NewFlagSet("program", flag.ExitOnError)
	flags.StringVar(&c.echo, "echo", "127.0.0.1:0", "the address of echo")
	flags.StringVar(&c.api, "api", "127.0.0.1:0", "the address of api")
	flags.StringVar(&c.health, "health", "127.0.0.1:0", "the address of health")
	flags.StringVar(&c.fails, "fails", "", "the part that fails at its start")
	flags.StringVar(&c.panics, "panics", "", "the part that panics at its start")
	flags.BoolVar(&c.witness, "witness", false, "put the service into a parallel group, beside a witness")
	flags.Parse(args)
	return c
}

// program is what main would do. Its result is the exit code.
func program(args []string) int {
	process := ifrit.Invoke(sigmon.New(parse(args).root()))
	select {
	case <-process.Ready():
		say("program", "ready")
	default:
	}
	err := <-process.Wait()
	if errors.Is(err, syscall.EADDRINUSE) {
		say("program", "failed", "EADDRINUSE")
	}
	if err != nil {
		fmt.Fprint(os.Stderr, err)
		return 1
	}
	return 0
}

func (c config) root() ifrit.Runner {
	if !c.witness {
		return c.service()
	}
	return grouper.NewParallel(os.Interrupt, grouper.Members{
		c.member("witness", witness),
		{Name: "service", Runner: c.service()},
	})
}

// service has different termination signals for its servers and for the rest,
// so that a test can see which of them a part got.
func (c config) service() ifrit.Runner {
	jobs := grouper.NewDynamic(os.Interrupt, 0, 0)
	return grouper.NewOrdered(os.Interrupt, grouper.Members{
		c.member("store", untilSignaled),
		c.member("command", command),
		c.member("echo", echo(c.echo)),
		c.member("servers", group(grouper.NewParallel(syscall.SIGTERM, grouper.Members{
			c.member("api", server(c.api, c.apiHandler(jobs.Client()))),
			c.member("health", server(c.health, healthHandler)),
		}))),
		c.member("jobs", group(jobs)),
	})
}

func (c config) member(name string, run runFunc) grouper.Member {
	switch name {
	case c.fails:
		run = fails
	case c.panics:
		run = panics
	}
	return grouper.Member{Name: name, Runner: part{name, run}}
}
