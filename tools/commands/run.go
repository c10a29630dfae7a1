//go:build unix

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os/exec"
	"slices"
	"sync"
	"syscall"
	"time"
)

// limit is for each command, so that none holds up CI. Commands that take
// minutes have limits of their own.
const limit = 5 * time.Minute

// places are the folders that commands are run in.
type places struct {
	clone string
	user  string // made when it is needed first
}

func (p *places) folder(ctx context.Context, user bool) (string, error) {
	if !user {
		return p.clone, nil
	}
	return p.user, p.makeUser(ctx)
}

// run runs a command as its rule says, and returns all that it printed.
func (p *places) run(ctx context.Context, c command, r rule) (printed []byte, err error) {
	if !c.long() {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, limit)
		defer cancel()
	}
	folder, err := p.folder(ctx, r.user)
	if err != nil {
		return nil, err
	}
	if r.beside == nil {
		return shell(ctx, folder, c.text).CombinedOutput()
	}
	served, err := p.serve(ctx, r.beside, func() (err error) {
		if !r.itself {
			printed, err = shell(ctx, folder, c.text).CombinedOutput()
		}
		return err
	})
	return append(printed, served...), err
}

// serve calls f while a server runs, interrupts the server, and returns what
// that printed.
func (p *places) serve(ctx context.Context, s *server, f func() error) ([]byte, error) {
	folder, err := p.folder(ctx, s.user)
	if err != nil {
		return nil, err
	}
	printed := new(transcript)
	server := shell(ctx, folder, s.command)
	server.Stdout, server.Stderr = printed, printed
	if err := server.Start(); err != nil {
		return nil, err
	}
	exited := make(chan error, 1)
	go func() { exited <- server.Wait() }()
	if err := s.await(printed, exited); err != nil {
		return printed.bytes(), err
	}
	err = f()
	// To the group, as Ctrl-C does: go run leaves it to the program.
	syscall.Kill(-server.Process.Pid, syscall.SIGINT)
	// An interrupted go run fails, and prints the status of a program that does.
	if <-exited; printed.has("\nexit status ") != s.fails {
		err = errors.Join(err, fmt.Errorf("%s did not exit as it should", s.command))
	}
	return printed.bytes(), err
}

// await waits until the server runs, or has exited, which it does in time
// (limit).
func (s *server) await(printed *transcript, exited <-chan error) error {
	for {
		if s.runs(printed) {
			return nil
		}
		select {
		case err := <-exited:
			return fmt.Errorf("the server exited too early: %v", err)
		case <-time.After(50 * time.Millisecond):
		}
	}
}

func (s *server) runs(printed *transcript) bool {
	if s.says != "" {
		return printed.has(s.says)
	}
	connection, err := net.Dial("tcp", s.address)
	if err == nil {
		connection.Close()
	}
	return err == nil
}

// A transcript has what a command prints, and may be read meanwhile.
type transcript struct {
	mu   sync.Mutex // guards text
	text []byte
}

func (t *transcript) Write(text []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.text = append(t.text, text...)
	return len(text), nil
}

func (t *transcript) bytes() []byte {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Clone(t.text)
}

func (t *transcript) has(text string) bool { return bytes.Contains(t.bytes(), []byte(text)) }

// shell makes a command that is ended with all that it has started.
func shell(ctx context.Context, folder, text string) *exec.Cmd {
	bash := exec.CommandContext(ctx, "bash", "-o", "errexit", "-o", "pipefail", "-c", text)
	bash.Dir = folder
	bash.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	bash.Cancel = func() error { return syscall.Kill(-bash.Process.Pid, syscall.SIGKILL) }
	return bash
}

// output returns what a command prints.
func output(ctx context.Context, folder, text string) (string, error) {
	printed, err := shell(ctx, folder, text).Output()
	if err != nil {
		return "", fmt.Errorf("%s: %w", text, err)
	}
	return string(printed), nil
}
