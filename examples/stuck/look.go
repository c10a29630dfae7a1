package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime/pprof"
	"runtime/trace"
	"slices"
	"syscall"

	"github.com/seed-3b777528/grouper"
	"github.com/tedsuo/ifrit"
)

// stuck is the member that holds up the shutdown.
const stuck = "servers/api"

// A view is what was seen of the service while it was stuck.
type view struct {
	status     grouper.Status
	goroutines string
	traceback  string // empty before Go 1.26
	tags       string
	timeline   *timeline
}

// look runs the service, with a CPU profile and an execution trace of all of
// it, which it leaves in the folder.
func look(folder string) (v view, err error) {
	profile, traced := filepath.Join(folder, "cpu.pprof"), filepath.Join(folder, "trace.out")
	if err := record(profile, traced, func() error {
		v, err = getStuck(folder)
		return err
	}); err != nil {
		return view{}, err
	}
	if v.tags, err = tags(profile); err != nil {
		return view{}, err
	}
	v.timeline, err = readTimeline(traced, paths(v.status))
	return v, err
}

// record runs a function with a CPU profile and an execution trace.
func record(profile, traced string, run func() error) (err error) {
	samples, err := os.Create(profile)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, samples.Close()) }()
	events, err := os.Create(traced)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, events.Close()) }()
	if err := pprof.StartCPUProfile(samples); err != nil {
		return err
	}
	defer pprof.StopCPUProfile()
	if err := trace.Start(events); err != nil {
		return err
	}
	defer trace.Stop()
	return run()
}

// getStuck is the story: the service starts, works, gets a signal, and does
// not stop before the printer has printed.
func getStuck(folder string) (view, error) {
	service := newService(folder)
	process := ifrit.Invoke(service.root)
	if service.status().State != grouper.StateReady {
		return view{}, <-process.Wait()
	}
	service.insertJobs()
	service.resize.wait(30)
	answered := service.request()
	service.resize.wait(10)

	process.Signal(syscall.SIGTERM)
	for service.resize.wait(1); !service.isStuck(); {
		service.resize.wait(1)
	}
	service.resize.wait(60)
	seen, err := service.view()

	service.resize.wait(20)
	close(service.printer.printed)
	return seen, errors.Join(err, <-answered, <-process.Wait())
}

// isStuck holds when all has stopped that can.
func (s *service) isStuck() bool {
	return slices.Equal(s.status().WaitingFor(), []string{stuck})
}

func (s *service) status() grouper.Status {
	status, _ := grouper.Inspect(s.root)
	return status
}

// view is what there is to see at once, without the profile and the trace.
func (s *service) view() (v view, err error) {
	trace.Log(context.Background(), "looked", "")
	v.status = s.status()
	v.goroutines = goroutines(stuck)
	v.traceback, err = traceback(stuck)
	return v, err
}

// files returns the view as the files that are kept of it.
func (v view) files() map[string]string {
	files := map[string]string{
		"tree.txt":       v.status.String(),
		"goroutines.txt": v.goroutines,
		"tags.txt":       v.tags,
		"trace.svg":      v.timeline.svg(),
	}
	if v.traceback != "" {
		files["traceback.txt"] = v.traceback
	}
	return files
}
