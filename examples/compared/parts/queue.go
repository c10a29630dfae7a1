package parts

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"sync/atomic"
)

// A Queue has jobs done by its workers, in the database.
type Queue struct {
	db   *DB
	jobs chan job
	done atomic.Int64
	hang bool
}

type job struct {
	text   string
	result chan error
}

// Do blocks until a worker has done the job.
func (q *Queue) Do(ctx context.Context, text string) error {
	j := job{text, make(chan error, 1)}
	select {
	case q.jobs <- j:
		return <-j.result
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Work does jobs until the context is done. Many may do so at the same time.
func (q *Queue) Work(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case j := <-q.jobs:
			err := q.db.write(j.text)
			q.done.Add(1)
			j.result <- err
		}
	}
}

// Cleanup is to be called at intervals. It hangs if the command line says so.
func (q *Queue) Cleanup(ctx context.Context) error {
	if q.hang {
		slog.Info("cleanup hangs")
		select {}
	}
	return q.db.write("delete what is old")
}

func (q *Queue) metrics(w http.ResponseWriter, _ *http.Request) {
	fmt.Fprintln(w, "jobs_done_total", q.done.Load())
}
