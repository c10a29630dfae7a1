package moving

import (
	"context"
	"os"

	"github.com/tedsuo/ifrit"
	"github.com/thejerf/suture/v4"
)

// Supervised is a suture supervisor as a member of a group. It is ready at once.
func Supervised(supervisor *suture.Supervisor) ifrit.Runner {
	return ifrit.RunFunc(func(signals <-chan os.Signal, ready chan<- struct{}) error {
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		exit := supervisor.ServeBackground(ctx)
		close(ready)
		select {
		case err := <-exit:
			return err
		case <-signals:
			cancel()
			<-exit
			return nil
		}
	})
}
