package health_test

import (
	"errors"
	"net/http"
	"os"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"

	"github.com/seed-3b777528/grouper"
	"github.com/tedsuo/ifrit"
)

// H1: before the root runs 503; then the state and who is waited for, or 200;
// I7 has the group below counted.
func TestReadyzFollowsTheRoot(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		servers, m := members("api", "admin")
		stores, s := members("store")
		root := grouper.NewOrdered(os.Interrupt, append(stores,
			grouper.Member{Name: "servers", Runner: grouper.NewParallel(os.Interrupt, servers)}))
		wantReadyz(t, root, 503, "pending\n")

		process := ifrit.Background(root)
		s["store"].WaitForStart()
		wantReadyz(t, root, 503, "starting\nstore\n")
		s["store"].TriggerReady()
		m["api"].WaitForStart()
		m["admin"].WaitForStart()
		wantReadyz(t, root, 503, "starting\nservers/api\nservers/admin\n")
		m["api"].TriggerReady()
		m["admin"].TriggerReady()
		<-process.Ready()
		wantReadyz(t, root, 200, "ready\n")

		process.Signal(syscall.SIGTERM)
		m["api"].WaitForSignal()
		m["admin"].WaitForSignal()
		m["admin"].TriggerExit(nil)
		synctest.Wait()
		wantReadyz(t, root, 503, "stopping\nservers/api\n")
		m["api"].TriggerExit(nil)
		s["store"].WaitForSignal()
		s["store"].TriggerExit(nil)
		<-process.Wait()
		wantReadyz(t, root, 503, "exited\n")
	})
}

// H1: never an error's text.
func TestReadyzShowsNoErrors(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		list, m := members("api", "admin")
		root := grouper.NewParallel(nil, list)
		process := ifrit.Background(root)
		m["api"].TriggerExit(errors.New("password hunter2 is wrong"))
		m["admin"].WaitForStart()
		synctest.Wait()
		wantReadyz(t, root, 503, "failed\n")
		m["admin"].TriggerExit(nil)
		<-process.Wait()
		wantReadyz(t, root, 503, "exited\n")
	})
}

// H1: a group that is ready while Ready is false is not ready.
func TestReadyzOfAReadyGroupWithAMemberThatIsDown(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		list, m := members("broker")
		again := make(chan struct{})
		list[0].Runner = restarting(list[0].Runner, again)
		root := grouper.NewOrdered(os.Interrupt, list)
		process := ifrit.Background(root)
		m["broker"].TriggerReady()
		<-process.Ready()
		wantReadyz(t, root, 200, "ready\n")

		m["broker"].TriggerExit(errors.New("connection refused"))
		synctest.Wait()
		wantReadyz(t, root, 503, "not ready\nbroker\n")
		again <- struct{}{}
		m["broker"].WaitForStart()
		wantReadyz(t, root, 503, "not ready\nbroker\n")
		m["broker"].TriggerReady()
		synctest.Wait()
		wantReadyz(t, root, 200, "ready\n")
		close(again)
		m["broker"].TriggerExit(nil)
		<-process.Wait()
	})
}

// H1, I7: nor is one with a member that has failed since.
func TestReadyzOfAReadyGroupWithAMemberThatHasFailed(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		list, m := members("api", "admin")
		root := grouper.NewParallel(nil, list)
		process := ifrit.Background(root)
		m["api"].TriggerReady()
		m["admin"].TriggerReady()
		<-process.Ready()
		m["admin"].TriggerExit(errors.New("broken"))
		synctest.Wait()
		wantReadyz(t, root, 503, "not ready\nadmin\n")
		m["api"].TriggerExit(nil)
		<-process.Wait()
	})
}

// H1: a root that Inspect cannot see into is unknown, and /status says so.
func TestARootThatCannotBeSeenIntoIsUnknown(t *testing.T) {
	opaque := ifrit.RunFunc(func(<-chan os.Signal, chan<- struct{}) error { return nil })
	for name, root := range map[string]ifrit.Runner{"opaque": opaque, "nil": nil} {
		t.Run(name, func(t *testing.T) {
			wantReadyz(t, root, 503, "unknown\n")
			for accept, body := range map[string]string{
				curl:    "unknown\n",
				jsonAPI: `{"ready":false,"state":"unknown"}` + "\n",
			} {
				if answer := ask(root, http.MethodGet, "/status", accept); answer.Code != 200 || answer.Body.String() != body {
					t.Errorf("/status for %s is %d %q, want 200 %q", accept, answer.Code, answer.Body, body)
				}
			}
			page := pageOf(root)
			wantContains(t, page, "<h1>unknown</h1>", "not a group of package grouper")
			wantNotContains(t, page, "<table")
		})
	}
}

// H1: odd names stay in their line.
func TestReadyzKeepsOddNamesInTheirLine(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		names := []string{"two\nready", "line\u2028separator", "\x1b[2Jclear", "right\u202eto left", "in\xffvalid", "", "größe 7"}
		list, m := members(names...)
		root := grouper.NewParallel(os.Interrupt, list)
		process := ifrit.Background(root)
		for _, name := range names {
			m[name].WaitForStart()
		}
		wantReadyz(t, root, 503, strings.Join([]string{"starting",
			`"two\nready"`, `"line\u2028separator"`, `"\x1b[2Jclear"`, `"right\u202eto left"`, `"in\xffvalid"`, `""`, "größe 7", "",
		}, "\n"))
		for _, name := range names {
			m[name].TriggerExit(nil)
		}
		<-process.Wait()
	})
}
