package main

import (
	"log/slog"
	"os"
	"path"
	"sync"

	"github.com/seed-3b777528/grouper"
	"github.com/tedsuo/ifrit"
)

// logged gives the same members, each of which logs its entrance and its exit.
// Groups stay as they are: grouper.Inspect sees a group only if it is itself
// the Runner of a member, and not inside another one.
func logged(group string, members grouper.Members) grouper.Members {
	var logging grouper.Members
	for _, member := range members {
		if _, isGroup := grouper.Inspect(member.Runner); !isGroup {
			member.Runner = loggedRunner{path.Join(group, member.Name), member.Runner}
		}
		logging = append(logging, member)
	}
	return logging
}

type loggedRunner struct {
	name   string
	runner ifrit.Runner
}

// Run hands on the signals channel itself, so that no signal can be lost or
// late. Only the ready channel is another one.
func (l loggedRunner) Run(signals <-chan os.Signal, ready chan<- struct{}) error {
	entered, exited := make(chan struct{}), make(chan struct{})
	var entrance sync.WaitGroup
	entrance.Go(func() {
		select {
		case <-entered:
		case <-exited:
			// Both may have happened by now.
			select {
			case <-entered:
			default:
				return
			}
		}
		logEntrance(l.name)
		close(ready)
	})

	err := l.runner.Run(signals, entered)
	close(exited)
	entrance.Wait()
	logExit(l.name, err)
	return err
}

func logEntrance(name string) { slog.Info("member entered", "member", name) }

func logExit(name string, err error) {
	if err != nil {
		slog.Error("member exited", "member", name, "err", err)
		return
	}
	slog.Info("member exited", "member", name)
}
