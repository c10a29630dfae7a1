package health

import "net/http"

// Live returns a handler that answers 200, with the body "live", as long as the
// process can answer at all. It ignores the tree: one that is not ready, or
// stuck, is no reason to restart the process.
//
// It answers GET and HEAD, and 405 to all other methods.
func Live() http.Handler {
	return reading(func(w http.ResponseWriter, r *http.Request) {
		write(w, r, http.StatusOK, plainText, "live\n")
	})
}
