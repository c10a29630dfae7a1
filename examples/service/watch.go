package main

import (
	"fmt"
	"log/slog"
	"mime"
	"net/http"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/seed-3b777528/grouper"
	"github.com/tedsuo/ifrit"
)

// A watch shows the tree of the service: to clients of /status, to whoever
// sends SIGUSR1, and in the log, when a start or a stop takes long.
type watch struct {
	root     ifrit.Runner // set before it runs
	interval time.Duration
}

func (w *watch) status() grouper.Status {
	status, _ := grouper.Inspect(w.root)
	return status
}

// run runs the root group, in whatever it is wrapped. It is no member of the
// tree, so that it can watch until the last member has exited.
func (w *watch) run(runner ifrit.Runner) error {
	// There is no signal.Stop: after it, SIGUSR1 would kill the process.
	usr1 := make(chan os.Signal, 1)
	notifyUSR1(usr1)
	ticker := time.NewTicker(w.interval)
	defer ticker.Stop()

	for exited := ifrit.Background(runner).Wait(); ; {
		select {
		case <-usr1:
			fmt.Fprint(os.Stderr, w.status())
		case <-ticker.C:
			w.logWaiting()
		case err := <-exited:
			return err
		}
	}
}

// logWaiting logs nothing when the service is ready: nothing waits then.
func (w *watch) logWaiting() {
	status := w.status()
	if members := status.WaitingFor(); members != nil && status.For >= w.interval {
		slog.Info("waiting", "state", status.State, "members", strings.Join(members, ", "))
	}
}

func (w *watch) ServeHTTP(answer http.ResponseWriter, r *http.Request) {
	answer.Header().Set("Vary", "Accept")
	if acceptsJSON(r) {
		writeJSON(answer, http.StatusOK, w.status())
		return
	}
	answer.Header().Set("Content-Type", "text/plain; charset=utf-8")
	fmt.Fprint(answer, w.status())
}

// acceptsJSON is true only for clients that name JSON: everybody else can read
// the drawing.
func acceptsJSON(r *http.Request) bool {
	accepted := strings.Join(r.Header.Values("Accept"), ",")
	return slices.ContainsFunc(strings.Split(accepted, ","), func(mediaRange string) bool {
		mediaType, _, _ := mime.ParseMediaType(mediaRange)
		return mediaType == "application/json"
	})
}
