package runners_test

import (
	"context"
	"fmt"
	"os"

	"github.com/seed-3b777528/grouper/runners"
	"github.com/tedsuo/ifrit"
)

// A mailer sends what is in its outbox. It has what many servers have: a call
// that blocks, one that ends it when its work is done, and one that ends it now.
type mailer struct {
	outbox  chan string
	sent    chan struct{}
	context context.Context
	Kill    func()
}

func newMailer() *mailer {
	m := &mailer{outbox: make(chan string), sent: make(chan struct{})}
	m.context, m.Kill = context.WithCancel(context.Background())
	return m
}

func (m *mailer) Serve() error {
	defer close(m.sent)
	for {
		select {
		case letter, open := <-m.outbox:
			if !open {
				return nil
			}
			fmt.Println("sent", letter)
		case <-m.context.Done():
			return m.context.Err()
		}
	}
}

// Stop returns when all is sent.
func (m *mailer) Stop() {
	close(m.outbox)
	<-m.sent
}

// Anything that serves and can be stopped is a member. A grpc.Server has
// GracefulStop and Stop for Stop and Kill.
func ExampleServer() {
	m := newMailer()

	process := ifrit.Invoke(runners.Server{Serve: m.Serve, Stop: m.Stop, Kill: m.Kill})
	m.outbox <- "a letter"
	m.outbox <- "another one"
	process.Signal(os.Interrupt) // a second signal would call Kill
	fmt.Println("error:", <-process.Wait())

	// Output:
	// sent a letter
	// sent another one
	// error: <nil>
}
