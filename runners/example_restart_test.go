package runners_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/cenkalti/backoff/v5"
	"github.com/seed-3b777528/grouper"
	"github.com/seed-3b777528/grouper/runners"
	"github.com/tedsuo/ifrit"
)

// A broker accepts the third connection.
type broker struct{ attempts int }

func (b *broker) Connect() error {
	b.attempts++
	if b.attempts < 3 {
		return errors.New("connection refused")
	}
	return nil
}

// consume runs while the broker is connected.
func consume(b *broker) ifrit.Runner {
	return grouper.ContextFunc(func(ctx context.Context, ready func()) error {
		if err := b.Connect(); err != nil {
			fmt.Println("again, after:", err)
			return err
		}
		ready()
		<-ctx.Done()
		return ctx.Err()
	})
}

// A client of a broker tries again when it has lost the connection, at most
// five times a minute. A wrong password is no reason to try again.
func ExampleRestart() {
	errPassword := errors.New("wrong password")
	policy := runners.Policy{
		Again:   func(err error) bool { return err != nil && !errors.Is(err, errPassword) },
		Backoff: func() backoff.BackOff { return backoff.NewConstantBackOff(time.Millisecond) },
		Most:    5,
		Within:  time.Minute,
	}
	root := grouper.NewOrdered(os.Interrupt, grouper.Members{
		{Name: "consumer", Runner: runners.Restart(consume(new(broker)), policy)},
	})

	process := ifrit.Invoke(root)
	status, _ := grouper.Inspect(root)
	fmt.Println("ready in run", status.Members[0].Wrapped.Runs)
	process.Signal(os.Interrupt)
	fmt.Println("error:", <-process.Wait())

	// Output:
	// again, after: connection refused
	// again, after: connection refused
	// ready in run 3
	// error: <nil>
}
