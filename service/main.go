package service

import (
	"errors"
	"os"
	"os/signal"
	"strings"

	"github.com/seed-3b777528/grouper"
	"github.com/tedsuo/ifrit"
)

// Main runs a tree, as [Run] does, and then exits the program: with status 0 if
// Run returned nil, and otherwise with 1. Before that it logs each failure on
// its own line, as [grouper.Failures] lists them, and if it gave up also the
// drawn tree and the stacks. It does not return.
func Main(root ifrit.Runner, options Options) {
	options = options.withDefaults()
	if len(options.Signals) > 0 { // one that comes late must not cut the report off
		signal.Notify(make(chan os.Signal, 1), options.Signals...)
	}
	err := Run(root, options)
	if err == nil {
		os.Exit(0)
	}
	report(err, options)
	os.Exit(1)
}

func report(err error, options Options) {
	logger := options.Logger
	var gaveUp GaveUpError
	failed := err
	if errors.As(err, &gaveUp) {
		failed = gaveUp.Err
		logger.Error("service gave up", "reason", gaveUp.Reason, "waiting", quoted(gaveUp.WaitingFor))
	}
	for _, failure := range grouper.Failures(failed) {
		if failure.Path == "" {
			logger.Error("service failed", "err", failure.Err)
		} else {
			logger.Error("member failed", "member", failure.Path, "err", failure.Err)
		}
	}
	for _, text := range []string{gaveUp.tree(), gaveUp.Stacks} {
		for line := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == '\n' }) {
			logger.Error(line)
		}
	}
}

func (e GaveUpError) tree() string {
	if e.Status.Kind == "" {
		return ""
	}
	return e.Status.String()
}
