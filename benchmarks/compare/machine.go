package main

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"time"
)

// thisMachine describes the machine, with the date.
func thisMachine() string {
	return fmt.Sprintf("%s, %d cores, %s, %s/%s, %s, on %s",
		field("/proc/cpuinfo", "model name", ":", "unknown processor"), runtime.NumCPU(),
		strings.Trim(field("/etc/os-release", "PRETTY_NAME", "=", "unknown system"), `"`),
		runtime.GOOS, runtime.GOARCH, runtime.Version(), time.Now().UTC().Format(time.DateOnly))
}

// field reads a field of a file of lines of names and values.
func field(file, name, separator, otherwise string) string {
	content, err := os.ReadFile(file)
	if err != nil {
		return otherwise
	}
	for line := range strings.Lines(string(content)) {
		key, value, _ := strings.Cut(line, separator)
		if strings.TrimSpace(key) == name {
			return strings.TrimSpace(value)
		}
	}
	return otherwise
}

// version returns the version of a module that this program was built with.
func version(module string) string {
	info, found := debug.ReadBuildInfo()
	if !found {
		return ""
	}
	for _, dependency := range info.Deps {
		if dependency.Path == module && dependency.Replace == nil {
			return dependency.Version
		}
	}
	return "" // the floor, and what is in this repository
}
