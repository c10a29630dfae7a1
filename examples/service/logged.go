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
func logged(group string, members grouper.Members) grouper.Members {
	var wrapped grouper.Members
	for _, member := range members {
		runner := loggedRunner{path.Join(group, member.Name), member.Runner}
		wrapped = append(wrapped, grouper.Member{Name: member.Name, Runner: runner})
	}
	return wrapped
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

// A loggedPool logs the entrances and exits of a dynamic group's members.
type loggedPool struct {
	name  string
	group grouper.DynamicGroup
}

func (l loggedPool) Run(signals <-chan os.Signal, ready chan<- struct{}) error {
	entrances := l.group.Client().EntranceListener()
	var events sync.WaitGroup
	events.Go(func() {
		// The group closes its listeners when it is done.
		for event := range entrances {
			name := path.Join(l.name, event.Member.Name)
			logEntrance(name)
			// There is an ExitListener, too, but nothing would order what is
			// read from two channels.
			events.Go(func() { logExit(name, <-event.Process.Wait()) })
		}
	})
	defer events.Wait()
	return l.group.Run(signals, ready)
}

func logEntrance(name string) { slog.Info("member entered", "member", name) }

func logExit(name string, err error) {
	if err != nil {
		slog.Error("member exited", "member", name, "err", err)
		return
	}
	slog.Info("member exited", "member", name)
}
