package service

import (
	"bufio"
	"context"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/seed-3b777528/grouper"
	"github.com/tedsuo/ifrit"
)

// program is the variable that makes the test binary one of the programs below.
const program = "GROUPER_SERVICE_TEST_PROGRAM"

var programs = map[string]func(){
	"graceful": func() { Main(tree(grouper.Member{Name: "worker", Runner: worker}), childOptions()) },
	"failing": func() {
		failing := grouper.WorkerFunc(func(context.Context) error { return errBoom })
		servers := grouper.NewParallel(os.Interrupt, grouper.Members{{Name: "api", Runner: failing}})
		Main(tree(grouper.Member{Name: "servers", Runner: servers}), childOptions())
	},
	"stuck": func() {
		stuck := ifrit.RunFunc(func(_ <-chan os.Signal, ready chan<- struct{}) error {
			close(ready)
			select {}
		})
		Main(tree(grouper.Member{Name: "stuck", Runner: stuck}), childOptions())
	},
	"late signal": func() {
		failing := grouper.WorkerFunc(func(context.Context) error { return errBoom })
		options := childOptions()
		options.Logger = slog.New(slog.NewTextHandler(writerFunc(func(line []byte) (int, error) {
			if strings.Contains(string(line), `msg="member failed"`) {
				terminateOurselves()
			}
			return os.Stdout.Write(line)
		}), nil))
		Main(tree(grouper.Member{Name: "failing", Runner: failing}), options)
	},
	"no signals": func() {
		options := childOptions()
		options.Signals = []os.Signal{}
		Main(tree(grouper.Member{Name: "worker", Runner: worker}), options)
	},
}

func terminateOurselves() {
	if ourselves, err := os.FindProcess(os.Getpid()); err == nil {
		_ = ourselves.Signal(syscall.SIGTERM)
	}
}

func childOptions() Options {
	return Options{Logger: slog.New(slog.NewTextHandler(os.Stdout, nil)), Force: time.Minute}
}

func TestMain(m *testing.M) {
	if run, found := programs[os.Getenv(program)]; found {
		run()
	}
	os.Exit(m.Run())
}

// T1, T3, T9: real signals, and exit statuses.
func TestPrograms(t *testing.T) {
	for _, test := range []struct {
		name    string
		program string
		signals []string // what is waited for in the log, before each SIGTERM
		status  int
		logged  []string
	}{
		{"a graceful stop", "graceful", []string{"service ready"}, 0, []string{`msg="service exited"`}},
		{"a failure", "failing", nil, 1, []string{`msg="member failed" member=servers/api err=boom`}},
		{"a third signal", "stuck", []string{"service ready", "service stopping", "giving up"}, 1,
			[]string{`msg="service gave up" reason="a second signal" waiting=[stuck]`, "<- waiting", "service.init"}},
		{"a signal after Run", "late signal", nil, 1, []string{`msg="member failed" member=failing err=boom`}},
		{"a signal that is not caught", "no signals", []string{"service ready"}, -1, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			child := exec.Command(os.Args[0])
			child.Env = append(os.Environ(), program+"="+test.program)
			output, err := child.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := child.Start(); err != nil {
				t.Fatal(err)
			}
			var text strings.Builder
			lines := bufio.NewScanner(io.TeeReader(output, &text))
			lines.Buffer(nil, 1<<20)
			signals := test.signals
			for lines.Scan() {
				if len(signals) > 0 && strings.Contains(lines.Text(), signals[0]) {
					signals = signals[1:]
					if err := child.Process.Signal(syscall.SIGTERM); err != nil {
						t.Error(err)
					}
				}
			}
			_ = child.Wait()
			if status := child.ProcessState.ExitCode(); status != test.status {
				t.Errorf("exited with %d", status)
			}
			if strings.Contains(text.String(), `msg=""`) {
				t.Errorf("the log has a record without a text:\n%s", &text)
			}
			for _, logged := range test.logged {
				if !strings.Contains(text.String(), logged) {
					t.Errorf("the log has no %q:\n%s", logged, &text)
				}
			}
		})
	}
}
