//go:build !unix

package main

import "os"

func notifyUSR1(chan<- os.Signal) {} // there is no such signal
