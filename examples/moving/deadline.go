package moving

import (
	"fmt"
	"os"
	"time"

	"github.com/seed-3b777528/grouper"
	"github.com/tedsuo/ifrit"
)

// RunUntil runs a group until it exits, or until it has taken too long after a
// signal. The signals are those of signal.Notify: this stands in for sigmon.
func RunUntil(service ifrit.Runner, signals <-chan os.Signal, grace time.Duration) error {
	process := ifrit.Background(service)
	select {
	case err := <-process.Wait():
		return err
	case signal := <-signals:
		process.Signal(signal)
	}

	select {
	case err := <-process.Wait():
		return err
	case <-time.After(grace):
		status, _ := grouper.Inspect(service)
		return fmt.Errorf("gave up waiting for %q\n%v", status.WaitingFor(), status)
	}
}
