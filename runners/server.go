package runners

import (
	"context"
	"os"

	"github.com/seed-3b777528/grouper"
)

// A Server is a runner for anything that serves until it is stopped, such as a
// grpc.Server:
//
//	runners.Server{
//		Serve: func() error { return server.Serve(listener) },
//		Stop:  server.GracefulStop,
//		Kill:  server.Stop,
//	}
//
// For an http.Server there is [HTTP]. The zero Server exits with
// [grouper.ErrNilRunner]. A Server may be run as often as its functions allow,
// and its fields must not be changed while it runs.
type Server struct {
	// Serve blocks until it fails or has been stopped. It must not be nil.
	// Stop and Kill may be called before it has begun: then it has to return.
	Serve func() error
	// Stop makes Serve return, and may block until work under way is done. It
	// is called on the first signal. Nil does nothing.
	Stop func()
	// Kill makes Serve and Stop return soon. It is called on a second signal,
	// if Serve or Stop have not returned, and instead of Stop if the first
	// signal is os.Kill. If Kill is nil, os.Kill as the first signal calls
	// Stop, and a second signal does nothing.
	Kill func()
}

// Run implements [ifrit.Runner]. The member is ready just before Run calls
// Serve. Run calls Stop and Kill at most once each, from other goroutines. It
// blocks until everything that it has called has returned. It returns nil if Serve
// has returned after a signal, and otherwise the error of Serve.
func (s Server) Run(signals <-chan os.Signal, ready chan<- struct{}) error {
	return grouper.ContextFunc(s.run).Run(signals, ready)
}

// run calls Serve on its own goroutine, so that a panic or runtime.Goexit is
// the member's (G8).
func (s Server) run(ctx context.Context, ready func()) error {
	if s.Serve == nil {
		return grouper.ErrNilRunner
	}
	served, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		s.stopWhenSignaled(ctx, served)
	}()
	ready()
	err := func() error {
		defer close(served)
		return s.Serve()
	}()
	signaled := ctx.Err() != nil
	<-stopped
	if signaled {
		return nil
	}
	return err
}

// stopWhenSignaled returns when Serve, and what it has called, have returned.
func (s Server) stopWhenSignaled(ctx context.Context, served <-chan struct{}) {
	select {
	case <-ctx.Done():
	case <-served:
		return
	}
	switch first := firstSignal(ctx); {
	case first == nil:
		return // Serve has panicked, or ended its goroutine
	case first == os.Kill && s.Kill != nil:
		s.Kill()
		return
	}
	over := make(chan struct{})
	go func() {
		defer close(over)
		if s.Stop != nil {
			s.Stop()
		}
		<-served
	}()
	select {
	case <-over:
	case <-grouper.LaterSignals(ctx):
		if s.Kill != nil {
			s.Kill()
		}
		<-over
	}
}
