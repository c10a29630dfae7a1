package main

import (
	"fmt"
	"log/slog"
	"strings"

	"github.com/coreos/go-systemd/v22/daemon"
	"github.com/seed-3b777528/grouper"
	"github.com/tedsuo/ifrit"
)

// notify returns root as a Runner that tells systemd when it is ready, when it
// stops, and who is waited for. Who that is changes with an event, so that
// nothing has to ask from time to time.
func notify(root ifrit.Runner) ifrit.Runner {
	latest := ""
	return grouper.Observe(root, func(event grouper.Event) {
		message := "STATUS=" + describe(root)
		if event.Path == "" && event.State == grouper.StateReady {
			message += "\n" + daemon.SdNotifyReady
		}
		if event.Path == "" && event.State == grouper.StateStopping {
			message += "\n" + daemon.SdNotifyStopping
		}
		if message == latest {
			return
		}
		latest = message
		if _, err := daemon.SdNotify(false, message); err != nil {
			slog.Warn("systemd was not notified", "err", err)
		}
	})
}

// describe quotes the paths: a line break in a name would begin a message of
// its own.
func describe(root ifrit.Runner) string {
	status, _ := grouper.Inspect(root)
	if waiting := status.WaitingFor(); waiting != nil {
		return fmt.Sprintf("%s, waiting for %q", status.State, strings.Join(waiting, ", "))
	}
	return string(status.State)
}
