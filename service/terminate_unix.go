//go:build !windows && !plan9 && !js

package service

import (
	"os"
	"syscall"
)

// terminate asks the root to stop.
var terminate os.Signal = syscall.SIGTERM
