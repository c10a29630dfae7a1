//go:build windows || plan9 || js

package service

import "os"

// terminate asks the root to stop, where there is no SIGTERM.
var terminate = os.Interrupt
