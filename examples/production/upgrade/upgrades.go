package main

import (
	"context"
	"log/slog"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/cloudflare/tableflip"
	"github.com/seed-3b777528/grouper"
	"github.com/tedsuo/ifrit"
)

// upgrades is the last member of the tree: it starts when all others are ready,
// and its exit stops them.
func upgrades(upgrader *tableflip.Upgrader, server *http.Server, listener *shared) ifrit.Runner {
	return grouper.ContextFunc(func(ctx context.Context, ready func()) error {
		defer context.AfterFunc(ctx, upgrader.Stop)() // interrupts an upgrade
		hangups := make(chan os.Signal, 1)
		signal.Notify(hangups, syscall.SIGHUP) // until the process exits: a late one must not end it
		if err := upgrader.Ready(); err != nil {
			return err
		}
		ready()
		for {
			select {
			case <-hangups:
				if err := upgrader.Upgrade(); err != nil {
					slog.Error("upgrade failed", "err", err)
				}
			case <-upgrader.Exit():
				if ctx.Err() == nil { // the new process is ready
					handOver(ctx, server, listener)
				}
				return nil
			}
		}
	})
}

// handOver returns when all that the server has accepted is answered. It waits
// ten seconds at most: for longer requests there is Grace.
func handOver(ctx context.Context, server *http.Server, listener *shared) {
	listener.leave()
	server.SetKeepAlivesEnabled(false)
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	answered := make(chan struct{})
	go func() {
		listener.conns.Wait()
		close(answered)
	}()
	select {
	case <-answered:
	case <-ctx.Done():
	}
}
