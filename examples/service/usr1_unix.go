//go:build unix

package main

import (
	"os"
	"os/signal"
	"syscall"
)

func notifyUSR1(signals chan<- os.Signal) { signal.Notify(signals, syscall.SIGUSR1) }
