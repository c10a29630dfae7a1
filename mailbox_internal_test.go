package grouper

import (
	"testing"
	"testing/synctest"
)

// I1, D5: an event that comes after a member's exit, such as its readiness that
// Inspect has seen just before, is no second exit.
func TestNewsAfterTheExitAreNone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, p := startAlone(Member{Name: "nobody"}, false)
		synctest.Wait()
		l.takeNews(new(parallel))
		p.mailbox.post(p)
		if again, exited := l.mailbox.take(); again != nil {
			t.Errorf("took the member again, exited: %v", exited)
		}
	})
}
