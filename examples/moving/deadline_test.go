package moving

import (
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-3b777528/grouper"
	"github.com/tedsuo/ifrit"
)

// tree has an API that takes some time to stop.
func tree(api time.Duration) ifrit.Runner {
	stops := func(after time.Duration) ifrit.Runner {
		return ifrit.RunFunc(func(signals <-chan os.Signal, ready chan<- struct{}) error {
			close(ready)
			<-signals
			time.Sleep(after)
			return nil
		})
	}
	return grouper.NewOrdered(os.Interrupt, grouper.Members{
		{Name: "store", Runner: stops(0)},
		{Name: "servers", Runner: grouper.NewParallel(os.Interrupt, grouper.Members{
			{Name: "api", Runner: stops(api)},
			{Name: "health", Runner: stops(0)},
		})},
	})
}

// The times are those of a bubble, whose clock waits for all of its goroutines.
func TestADeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		signals := make(chan os.Signal, 1)
		time.AfterFunc(time.Hour, func() { signals <- os.Interrupt })
		err := RunUntil(tree(time.Minute), signals, 10*time.Second)
		if err == nil {
			t.Fatal("it did not give up")
		}
		text := err.Error()
		if !strings.HasPrefix(text, "gave up waiting for [\"servers/api\"]\nordered group") || strings.Count(text, "<- waiting") != 1 {
			t.Error(text)
		}
		time.Sleep(time.Minute) // until the API has stopped: a bubble leaves nobody behind
	})
}

func TestADeadlineThatIsMet(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		signals := make(chan os.Signal, 1)
		time.AfterFunc(time.Hour, func() { signals <- os.Interrupt })
		if err := RunUntil(tree(9*time.Second), signals, 10*time.Second); err != nil {
			t.Error(err)
		}
	})
}
