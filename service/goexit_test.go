package service

import (
	"os"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/tedsuo/ifrit"
)

// T8: a root that ends its goroutine has exited, with an error that says so.
func TestRootEndsItsGoroutine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		leaver := ifrit.RunFunc(func(<-chan os.Signal, chan<- struct{}) error {
			runtime.Goexit()
			return nil
		})
		if err := try(t, leaver, Options{}).returned(0); err == nil || !strings.Contains(err.Error(), "runtime.Goexit") {
			t.Error(err)
		}
	})
}
