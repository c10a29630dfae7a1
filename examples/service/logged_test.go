package main

import (
	"bytes"
	"errors"
	stdlog "log"
	"log/slog"
	"os"
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

func TestLoggedLeavesGroupsAlone(t *testing.T) {
	for name, group := range map[string]ifrit.Runner{
		"static":  grouper.NewParallel(os.Interrupt, nil),
		"dynamic": grouper.NewDynamic(nil, 0, 0),
	} {
		if runner := logged("", grouper.Members{{Name: "m", Runner: group}})[0].Runner; runner != group {
			t.Errorf("a %s group became a %T", name, runner)
		}
	}
}
