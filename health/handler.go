package health

import (
	"net/http"

	"github.com/tedsuo/ifrit"
)

// Handler returns a handler of the paths /livez, /readyz and /status, which are
// those of [Live], [Ready] and [Status]. Any other path is not found. The root
// may be nil.
func Handler(root ifrit.Runner) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/livez", Live())
	mux.Handle("/readyz", Ready(root))
	mux.Handle("/status", Status(root))
	return mux
}
