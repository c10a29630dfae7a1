package health

import (
	"encoding/json"
	"net/http"

	"github.com/seed-3b777528/grouper"
	"github.com/tedsuo/ifrit"
)

// Status returns a handler that shows the root: to a browser as a page that
// updates itself, to clients that ask for application/json as a
// [grouper.Status], and to all others, such as curl, as the tree that
// [grouper.Status.String] draws. If [grouper.Inspect] cannot see into the root,
// which may be nil, each of these says "unknown".
//
// The page draws the first 100 members of each group, and at most some 2,000 in
// all, and counts the others by state. JSON and text have all of them.
//
// It answers GET and HEAD with 200, and 405 to all other methods.
func Status(root ifrit.Runner) http.Handler {
	answer := reading(func(w http.ResponseWriter, r *http.Request) {
		status, ok := grouper.Inspect(root)
		switch preferred(r.Header.Values("Accept"), "text/html", "application/json", "text/plain") {
		case "text/html":
			w.Header().Set("Content-Security-Policy", policy)
			body, err := newPage(status, ok).render()
			if err != nil {
				write(w, r, http.StatusInternalServerError, plainText, err.Error())
				return
			}
			write(w, r, http.StatusOK, "text/html; charset=utf-8", body)
		case "application/json":
			write(w, r, http.StatusOK, "application/json", asJSON(status, ok))
		default:
			write(w, r, http.StatusOK, plainText, asText(status, ok))
		}
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Vary", "Accept")
		answer.ServeHTTP(w, r)
	})
}

func asText(status grouper.Status, ok bool) string {
	if !ok {
		return unknown + "\n"
	}
	return status.String()
}

func asJSON(status grouper.Status, ok bool) string {
	var value any = status
	if !ok {
		value = map[string]any{"state": unknown, "ready": false}
	}
	body, err := json.Marshal(value)
	if err != nil {
		panic(err) // a Status consists of texts
	}
	return string(body) + "\n"
}
