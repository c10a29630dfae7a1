package main

import (
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-3b777528/grouper"
	"github.com/tedsuo/ifrit"
)

func TestOnlyWhatTakesLongIsLogged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := captureLog(t)
		isSetUp, isCleanedUp := make(chan struct{}), make(chan struct{})
		slow := ifrit.RunFunc(func(signals <-chan os.Signal, ready chan<- struct{}) error {
			<-isSetUp
			close(ready)
			<-signals
			<-isCleanedUp
			return nil
		})
		inner := grouper.NewParallel(os.Interrupt, grouper.Members{{Name: "slow", Runner: slow}})
		w := &watch{interval: 5 * time.Second}
		w.root = grouper.NewOrdered(os.Interrupt, grouper.Members{{Name: "inner", Runner: inner}})
		// wantLog lets time pass, and wants this to be logged then.
		wantLog := func(after time.Duration, want string) {
			t.Helper()
			time.Sleep(after)
			w.logWaiting()
			if _, logged, _ := strings.Cut(log.String(), "level=INFO "); logged != want {
				t.Errorf("log: %q, want %q", logged, want)
			}
			log.Reset()
		}

		process := ifrit.Background(w.root)
		wantLog(w.interval-1, "")
		wantLog(1, "msg=waiting state=starting members=inner/slow\n")
		close(isSetUp)
		wantLog(time.Hour, "")

		process.Signal(os.Interrupt)
		synctest.Wait()
		wantLog(w.interval-1, "")
		wantLog(1, "msg=waiting state=stopping members=inner/slow\n")
		close(isCleanedUp)
		<-process.Wait()
		wantLog(time.Hour, "")
	})
}
