package health

import (
	"net/http"

	"github.com/tedsuo/ifrit"
)

// Handler returns a handler that serves [Live], [Ready] and [Status] at /livez,
// /readyz and /status, and answers 404 at any other path. The root may be nil.
func Handler(root ifrit.Runner) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/livez", Live())
	mux.Handle("/readyz", Ready(root))
	mux.Handle("/status", Status(root))
	return mux
}
