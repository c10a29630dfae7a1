package health

import (
	"net/http"
	"strings"

	"github.com/seed-3b777528/grouper"
	"github.com/tedsuo/ifrit"
)

// Words for what a Status has no state for.
const (
	ready    = "ready"
	notReady = "not ready" // in state ready, while Status.Ready is false
	unknown  = "unknown"   // Inspect cannot see into the root
)

// Ready returns a handler that answers 200 with "ready" if the root can do its
// work now, as [grouper.Status.Ready] reports. Otherwise it answers 503 with a
// word and, one per line, the paths of [grouper.Status.WaitingFor]:
//
//	stopping
//	servers/api
//
// The word is the state of the root; "not ready" if the root is ready, but
// something below it is not; or "unknown" if [grouper.Inspect] cannot see into
// the root, which may be nil. Paths that would break a line are quoted. Errors
// of members are not shown: clients that may ask for readiness may not be
// allowed to read them.
//
// It answers GET and HEAD, and 405 to all other methods.
func Ready(root ifrit.Runner) http.Handler {
	return reading(func(w http.ResponseWriter, r *http.Request) {
		status, ok := grouper.Inspect(root)
		word := verdict(status, ok)
		if word == ready {
			write(w, r, http.StatusOK, plainText, ready+"\n")
			return
		}
		var body strings.Builder
		body.WriteString(word + "\n")
		for _, path := range status.WaitingFor() {
			body.WriteString(printable(path) + "\n")
		}
		write(w, r, http.StatusServiceUnavailable, plainText, body.String())
	})
}

// verdict returns how a root is doing in one word, given what Inspect returned.
func verdict(status grouper.Status, ok bool) string {
	switch {
	case !ok:
		return unknown
	case status.Ready():
		return ready
	case status.State == grouper.StateReady:
		return notReady
	}
	return string(status.State)
}
