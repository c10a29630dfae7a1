package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/seed-3b777528/grouper"
)

// A worker runs one job, as a member of the dynamic group. It is ready when the
// job is stored: whoever has seen it ready may tell the client that the job is
// safe.
type worker struct {
	store *store
	job   job
}

func (w worker) run(ctx context.Context, ready func()) error {
	if err := w.store.put(w.job); err != nil {
		return fmt.Errorf("store the job: %w", err)
	}
	ready()

	select {
	case <-time.After(w.job.Duration.Duration): // stands for the job's work
	case <-ctx.Done():
		slog.Info("job interrupted, the next start takes it up", "job", w.job.ID)
		return nil
	}

	var failure error
	w.job.State = done
	if w.job.Fail {
		failure = errors.New("the job was told to fail")
		w.job.State, w.job.Error = failed, failure.Error()
	}
	if err := w.store.put(w.job); err != nil {
		return errors.Join(failure, fmt.Errorf("store the result: %w", err))
	}
	return failure
}

// member is the worker as a member of the dynamic group.
func (w worker) member() grouper.Member {
	return grouper.Member{Name: w.job.memberName(), Runner: grouper.ContextFunc(w.run)}
}

// A backlog gives the jobs that an earlier run left unfinished to the workers,
// as these have room. It has read which they are when it is ready, before the
// API can add new ones.
type backlog struct {
	store   *store
	workers grouper.DynamicClient
}

func (b backlog) run(ctx context.Context, ready func()) error {
	jobs, err := b.store.all()
	if err != nil {
		return err
	}
	ready()

	for _, j := range jobs {
		if !j.unfinished() {
			continue
		}
		select {
		case b.workers.Inserter() <- worker{b.store, j}.member():
			slog.Info("job taken up again", "job", j.ID)
		case <-ctx.Done():
			return nil
		}
	}

	// Nothing is left to do, but the exit of a member would stop the root group.
	<-ctx.Done()
	return nil
}
