package main

import (
	"bytes"
	"errors"
	stdlog "log"
	"log/slog"
	"os"
	"strings"
	"testing"

	"github.com/seed-3b777528/grouper"
	"github.com/tedsuo/ifrit"
)

// captureLog gives what is logged from here on. It may be read when the
// logging processes have exited.
func captureLog(t *testing.T) *bytes.Buffer {
	log := new(bytes.Buffer)
	before := slog.Default()
	t.Cleanup(func() {
		slog.SetDefault(before)
		stdlog.SetOutput(os.Stderr)
	})
	withoutTime := func(_ []string, attr slog.Attr) slog.Attr {
		if attr.Key == slog.TimeKey {
			return slog.Attr{}
		}
		return attr
	}
	slog.SetDefault(slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{ReplaceAttr: withoutTime})))
	return log
}

func TestLoggedRunner(t *testing.T) {
	failure := errors.New("out of order")
	for name, test := range map[string]struct {
		runner  ifrit.RunFunc
		isReady bool
		log     string
	}{
		"exits as soon as it is ready": {
			runner:  func(_ <-chan os.Signal, ready chan<- struct{}) error { close(ready); return nil },
			isReady: true,
			log: `level=INFO msg="member entered" member=group/m
level=INFO msg="member exited" member=group/m
`,
		},
		"fails before it is ready": {
			runner: func(<-chan os.Signal, chan<- struct{}) error { return failure },
			log: `level=ERROR msg="member exited" member=group/m err="out of order"
`,
		},
		"gets a signal": {
			runner: func(signals <-chan os.Signal, ready chan<- struct{}) error {
				close(ready)
				if signal := <-signals; signal != os.Interrupt {
					return failure
				}
				return nil
			},
			isReady: true,
			log: `level=INFO msg="member entered" member=group/m
level=INFO msg="member exited" member=group/m
`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			log := captureLog(t)
			process := ifrit.Background(logged("group", grouper.Members{{Name: "m", Runner: test.runner}})[0])
			process.Signal(os.Interrupt)
			<-process.Wait()
			isReady := false
			select {
			case <-process.Ready():
				isReady = true
			default:
			}
			if isReady != test.isReady || log.String() != test.log {
				t.Errorf("ready: %t, log:\n%s", isReady, log)
			}
		})
	}
}

func TestLoggedPool(t *testing.T) {
	log := captureLog(t)
	pool := grouper.NewDynamic(nil, 0, 0)
	process := ifrit.Invoke(loggedPool{"pool", pool})
	failing := ifrit.RunFunc(func(<-chan os.Signal, chan<- struct{}) error { return errors.New("broken") })
	pool.Client().Inserter() <- grouper.Member{Name: "m", Runner: failing}
	pool.Client().Close()
	<-process.Wait()

	lines := strings.Split(log.String(), "\n")
	if len(lines) != 3 || !strings.Contains(lines[0], "entered\" member=pool/m") || !strings.Contains(lines[1], "err=broken") {
		t.Errorf("log:\n%s", log)
	}
}
