//go:build unix

package main

import (
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/seed-3b777528/grouper"
	"github.com/tedsuo/ifrit"
)

// drawOnUSR1 draws the tree at each SIGUSR1, for as long as the process lives.
// It catches the signal before it returns, and never lets go of it: SIGUSR1
// would kill a process that does not catch it.
func drawOnUSR1(root ifrit.Runner) {
	usr1 := make(chan os.Signal, 1)
	signal.Notify(usr1, syscall.SIGUSR1)
	go func() {
		for range usr1 {
			status, _ := grouper.Inspect(root)
			fmt.Fprint(os.Stderr, status)
		}
	}()
}
