package main

import (
	"context"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/cloudflare/tableflip"
	"github.com/seed-3b777528/grouper"
	"github.com/tedsuo/ifrit"
)

// upgrades is the last member of the tree: it starts when all others are ready,
// and its exit stops them.
func upgrades(upgrader *tableflip.Upgrader) ifrit.Runner {
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
				return nil
			}
		}
	})
}
