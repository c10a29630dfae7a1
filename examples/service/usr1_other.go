//go:build !unix

package main

import "github.com/tedsuo/ifrit"

func drawOnUSR1(ifrit.Runner) {} // there is no such signal
