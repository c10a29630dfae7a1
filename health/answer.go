package health

import (
	"io"
	"net/http"
	"strconv"
)

const plainText = "text/plain; charset=utf-8"

// reading returns a handler that answers only GET and HEAD. Its answers hold
// for the moment, so they must not be cached.
func reading(answer http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			write(w, r, http.StatusMethodNotAllowed, plainText, "method not allowed\n")
			return
		}
		answer(w, r)
	})
}

func write(w http.ResponseWriter, r *http.Request, code int, contentType, body string) {
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(code)
	if r.Method != http.MethodHead {
		_, _ = io.WriteString(w, body) // a client that has gone needs no answer
	}
}
