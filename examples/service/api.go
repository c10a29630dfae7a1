package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/seed-3b777528/grouper"
)

const (
	maxBody = 64 << 10

	// roomWait is how long a job may wait for a worker. An insert is taken by the
	// group's loop, so even with room it is not always taken at once.
	roomWait = 500 * time.Millisecond

	// readTimeout is how long a client may take to send a request, and thereby
	// hold up the stop of the service.
	readTimeout = 15 * time.Second
)

// An api is the HTTP face of the store and the workers.
type api struct {
	store   *store
	workers grouper.DynamicClient
}

func (a api) server(address string) *http.Server {
	return &http.Server{Addr: address, Handler: a.handler(), ReadTimeout: readTimeout}
}

func (a api) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /jobs", a.post)
	mux.HandleFunc("GET /jobs", a.list)
	mux.HandleFunc("GET /jobs/{id}", a.show)
	return mux
}

func (a api) post(w http.ResponseWriter, r *http.Request) {
	spec, err := decode(http.MaxBytesReader(w, r.Body, maxBody))
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		http.Error(w, err.Error(), http.StatusRequestEntityTooLarge)
		return
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}

	j := job{ID: a.store.nextID(), spec: spec, State: queued}
	select {
	case a.workers.Inserter() <- worker{a.store, j}.member():
		a.acknowledge(w, j)
	case <-a.workers.CloseNotifier():
		http.Error(w, "the service is stopping", http.StatusServiceUnavailable)
	case <-time.After(roomWait):
		w.Header().Set("Retry-After", "1")
		http.Error(w, "all workers are busy, try again later", http.StatusServiceUnavailable)
	case <-r.Context().Done():
	}
}

// acknowledge answers when the job is stored, or when its worker could not
// store it.
func (a api) acknowledge(w http.ResponseWriter, j job) {
	// A worker that is not found has already exited.
	if process, ok := a.workers.Get(j.memberName()); ok {
		select {
		case <-process.Ready():
		case <-process.Wait():
		}
	}

	// A worker may exit with its job finished, interrupted or never stored. The
	// store knows which, so it has the last word.
	stored, ok, err := a.find(j.ID)
	if err == nil && !ok {
		err = errors.New("the job could not be stored")
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Location", "/jobs/"+j.memberName())
	writeJSON(w, http.StatusAccepted, stored)
}

func (a api) list(w http.ResponseWriter, r *http.Request) {
	jobs, err := a.store.all()
	for i := range jobs {
		if err == nil && jobs[i].unfinished() {
			jobs[i], _, err = a.find(jobs[i].ID)
		}
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	writeJSON(w, http.StatusOK, append([]job{}, jobs...)) // no jobs are [], not null
}

func (a api) show(w http.ResponseWriter, r *http.Request) {
	id, err := strconv.ParseUint(r.PathValue("id"), 10, 64)
	if err != nil {
		http.Error(w, "no such job", http.StatusNotFound)
		return
	}
	j, ok, err := a.find(id)
	switch {
	case err != nil:
		http.Error(w, err.Error(), http.StatusInternalServerError)
	case !ok:
		http.Error(w, "no such job", http.StatusNotFound)
	default:
		writeJSON(w, http.StatusOK, j)
	}
}

// find asks the workers before it asks the store: the other way round, a job
// that finishes in between would look as if it had not begun.
func (a api) find(id uint64) (job, bool, error) {
	_, isRunning := a.workers.Get(job{ID: id}.memberName())
	j, ok, err := a.store.get(id)
	if isRunning && j.State == queued {
		j.State = running
	}
	return j, ok, err
}

func decode(body io.Reader) (spec, error) {
	var s spec
	decoder := json.NewDecoder(body)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&s); err != nil {
		return s, fmt.Errorf("not a job: %w", err)
	}
	if _, err := decoder.Token(); err != io.EOF {
		return s, errors.Join(errors.New("not a job: there is more after it"), err)
	}
	return s, s.validate()
}

func writeJSON(w http.ResponseWriter, status int, value any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(value) // an error means that the client is gone
}
