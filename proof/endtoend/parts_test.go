//go:build unix

package endtoend

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"sync"
	"syscall"

	"github.com/tedsuo/ifrit"
)

// A part is a runner that prints its events.
type part struct {
	name string
	run  runFunc
}

type runFunc func(p part, signals <-chan os.Signal, ready chan<- struct{}) error

func (p part) Run(signals <-chan os.Signal, ready chan<- struct{}) error {
	p.say("starts")
	err := p.run(p, signals, ready)
	if err != nil {
		p.say("failed")
	} else {
		p.say("stopped")
	}
	return err
}

func (p part) say(event string, details ...any) { say(p.name, event, details...) }

// say writes a line in one call, and os.Stdout takes one call at a time: lines
// are read in the order in which they are written.
func say(name, event string, details ...any) {
	line := name + " " + event
	if len(details) > 0 {
		line += ": " + fmt.Sprint(details...)
	}
	fmt.Println(line)
}

// beReady says so before others can act on it.
func (p part) beReady(ready chan<- struct{}, details ...any) {
	p.say("ready", details...)
	close(ready)
}

func (p part) got(signal os.Signal) { p.say("got " + signal.String()) }

func untilSignaled(p part, signals <-chan os.Signal, ready chan<- struct{}) error {
	p.beReady(ready)
	p.got(<-signals)
	return nil
}

// witness stops at its second signal.
func witness(p part, signals <-chan os.Signal, ready chan<- struct{}) error {
	p.beReady(ready)
	p.got(<-signals)
	p.got(<-signals)
	return nil
}

func fails(part, <-chan os.Signal, chan<- struct{}) error { return errors.New("broken") }

func panics(p part, _ <-chan os.Signal, _ chan<- struct{}) error { panic(p.name + " is broken") }

func group(runner ifrit.Runner) runFunc {
	return func(_ part, signals <-chan os.Signal, ready chan<- struct{}) error {
		return runner.Run(signals, ready)
	}
}

// command runs a process of its own, passes signals on to it, and fails if that
// fails.
func command(p part, signals <-chan os.Signal, ready chan<- struct{}) error {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), role+"=command")
	cmd.Stderr = os.Stderr
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if _, err := cmd.StdinPipe(); err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}

	exited := make(chan error, 1)
	go func() {
		lines := bufio.NewScanner(stdout)
		if lines.Scan() {
			p.beReady(ready, cmd.Process.Pid)
		}
		for lines.Scan() {
			say("process", lines.Text())
		}
		exited <- cmd.Wait()
	}()
	for {
		select {
		case signal := <-signals:
			p.got(signal)
			cmd.Process.Signal(signal)
		case err := <-exited:
			return err
		}
	}
}

// commandProcess is what the command's process does. When its input ends, the
// program is gone.
func commandProcess() {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM)
	orphaned := make(chan struct{})
	go func() {
		io.Copy(io.Discard, os.Stdin)
		close(orphaned)
	}()
	fmt.Println("ready")
	select {
	case signal := <-signals:
		fmt.Println("got", signal)
	case <-orphaned:
	}
}

// echo sends back what it gets, and hangs up when it is signaled.
func echo(address string) runFunc {
	return func(p part, signals <-chan os.Signal, ready chan<- struct{}) error {
		listener, err := net.Listen("tcp", address)
		if err != nil {
			return err
		}
		var accepting sync.WaitGroup
		ctx, hangUp := context.WithCancel(context.Background())
		accepting.Go(func() { accept(ctx, listener) })
		p.beReady(ready, listener.Addr())

		p.got(<-signals)
		listener.Close()
		hangUp()
		accepting.Wait()
		return nil
	}
}

// accept returns when the listener is closed and all have hung up.
func accept(ctx context.Context, listener net.Listener) {
	var conns sync.WaitGroup
	defer conns.Wait()
	for {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		conns.Go(func() {
			defer conn.Close()
			defer context.AfterFunc(ctx, func() { conn.Close() })()
			io.Copy(conn, conn)
		})
	}
}
