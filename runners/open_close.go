package runners

import (
	"context"
	"os"

	"github.com/seed-3b777528/grouper"
	"github.com/tedsuo/ifrit"
)

// OpenClose returns a runner for something that is opened and closed, such as a
// database. It calls open, is ready when open has returned nil, and calls close
// after a signal. A nil function counts as one that returns nil.
//
// The context of open is done at the first signal. If open then returns the
// error of the context, however wrapped, Run returns nil; it returns any other
// error of open. In both cases close is not called. If open returns nil, close
// is called, even if a signal has come by then.
//
// The context of close is done at a second signal, or at os.Kill; its cause is
// a [grouper.SignalError]. Run returns whatever close returns. It calls both
// functions on its own goroutine, and blocks until they have returned. The
// runner may be run whenever the functions may be called.
func OpenClose(open, close func(context.Context) error) ifrit.Runner {
	return openClose{open, close}
}

type openClose struct{ open, close func(context.Context) error }

func (o openClose) Run(signals <-chan os.Signal, ready chan<- struct{}) error {
	var closeErr error // passes by the ContextFunc, which would judge it (C3)
	openErr := grouper.ContextFunc(func(ctx context.Context, ready func()) error {
		if err := call(ctx, o.open); err != nil {
			return err
		}
		ready()
		<-ctx.Done()
		closing, release := closingContext(ctx)
		defer release()
		closeErr = call(closing, o.close)
		return nil
	}).Run(signals, ready)
	if openErr != nil {
		return openErr
	}
	return closeErr
}

func call(ctx context.Context, f func(context.Context) error) error {
	if f == nil {
		return nil
	}
	return f(ctx)
}

// closingContext returns the context of close, and what ends its goroutine.
func closingContext(stopped context.Context) (closing context.Context, release func()) {
	closing, cancel := context.WithCancelCause(context.Background())
	if firstSignal(stopped) == os.Kill {
		cancel(context.Cause(stopped))
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		select {
		case signal := <-grouper.LaterSignals(stopped):
			cancel(grouper.SignalError{Signal: signal})
		case <-closing.Done():
		}
	}()
	return closing, func() {
		cancel(nil)
		<-ended
	}
}
