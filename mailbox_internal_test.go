package grouper

import (
	"testing"
	"testing/synctest"
)

// I1, D5: news of a member that come when its exit was taken, as those of an
// Inspect that has seen it ready just before, are no second exit.
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
