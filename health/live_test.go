package health_test

import (
	"errors"
	"net/http"
	"os"
	"testing"

	"github.com/seed-3b777528/grouper"
	"github.com/tedsuo/ifrit"
)

// H1: 200 as long as it answers, whatever becomes of the root.
func TestLivezAnswersWheneverItIsAsked(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		list, m := members("api")
		root := grouper.NewParallel(os.Interrupt, list)
		wantLive := func(when string) {
			t.Helper()
			if answer := ask(root, http.MethodGet, "/livez", ""); answer.Code != http.StatusOK || answer.Body.String() != "live\n" {
				t.Errorf("%s /livez is %d %q", when, answer.Code, answer.Body)
			}
		}
		wantLive("before the start")
		process := ifrit.Background(root)
		m["api"].WaitForStart()
		wantLive("while the root starts")
		m["api"].TriggerExit(errors.New("broken"))
		<-process.Wait()
		wantLive("after the root has failed")
		if answer := ask(nil, http.MethodGet, "/livez", ""); answer.Code != http.StatusOK {
			t.Errorf("without a root /livez is %d", answer.Code)
		}
	})
}
