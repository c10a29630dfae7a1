package health_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/seed-3b777528/grouper"
	"github.com/seed-3b777528/grouper/fakes"
	"github.com/seed-3b777528/grouper/health"
	"github.com/tedsuo/ifrit"
)

func ask(handler http.Handler, method, path, accept string) *http.Response {
	request := httptest.NewRequest(method, path, nil)
	if accept != "" {
		request.Header.Set("Accept", accept)
	}
	recorder := httptest.NewRecorder()
	handler.ServeHTTP(recorder, request)
	return recorder.Result()
}

func body(t *testing.T, response *http.Response) string {
	t.Helper()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func wantReady(t *testing.T, root ifrit.Runner, code int, want string) {
	t.Helper()
	response := ask(health.Handler(root), "GET", "/readyz", "")
	if got := body(t, response); response.StatusCode != code || got != want {
		t.Errorf("/readyz: %d %q, want %d %q", response.StatusCode, got, code, want)
	}
}

// H1: readiness of a tree, through its life.
func TestReadiness(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slow := fakes.NewRunner()
		root := grouper.NewOrdered(os.Interrupt, grouper.Members{{Name: "servers", Runner: grouper.NewParallel(os.Interrupt, grouper.Members{
			{Name: "odd\nname", Runner: slow}, {Name: "idle", Runner: fakes.Idle()}})}})
		wantReady(t, root, 503, "pending\n")
		process := ifrit.Background(root)
		synctest.Wait()
		wantReady(t, root, 503, "starting\n\"servers/odd\\nname\"\n")
		slow.TriggerReady()
		synctest.Wait()
		wantReady(t, root, 200, "ready\n")
		process.Signal(os.Interrupt)
		synctest.Wait()
		wantReady(t, root, 503, "stopping\n\"servers/odd\\nname\"\n")
		slow.TriggerExit(errors.New("a secret"))
		synctest.Wait()
		wantReady(t, root, 503, "exited\n")
	})
}

// H1, I7: a group that is ready while one of its members failed is not ready.
func TestReadyWhileAMemberFailed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		failing := fakes.NewRunner()
		root := grouper.NewParallel(nil, grouper.Members{{Name: "failing", Runner: failing}, {Name: "idle", Runner: fakes.Idle()}})
		process := ifrit.Background(root)
		failing.TriggerReady()
		synctest.Wait()
		failing.TriggerExit(errors.New("a secret"))
		synctest.Wait()
		wantReady(t, root, 503, "not ready\nfailing\n")
		process.Signal(os.Interrupt)
	})
}

// H1: what Inspect cannot see into is unknown, and not ready.
func TestUnknown(t *testing.T) {
	for _, root := range []ifrit.Runner{nil, fakes.Idle()} {
		wantReady(t, root, 503, "unknown\n")
		for _, accept := range []string{"", "application/json", "text/html"} {
			if text := body(t, ask(health.Handler(root), "GET", "/status", accept)); !strings.Contains(text, "unknown") {
				t.Errorf("/status of %v as %q: %q", root, accept, text)
			}
		}
	}
}

// H1, H2: methods and caching.
func TestMethods(t *testing.T) {
	handler := health.Handler(grouper.NewParallel(nil, nil))
	for _, path := range []string{"/livez", "/readyz", "/status"} {
		for method, allowed := range map[string]bool{"GET": true, "HEAD": true, "POST": false, "DELETE": false, "OPTIONS": false} {
			response := ask(handler, method, path, "")
			if refused := response.StatusCode == http.StatusMethodNotAllowed; refused == allowed {
				t.Errorf("%s %s: %d", method, path, response.StatusCode)
			}
			if allow := response.Header.Get("Allow"); !allowed && allow != "GET, HEAD" {
				t.Errorf("%s %s allows %q", method, path, allow)
			}
			if cache := response.Header.Get("Cache-Control"); cache != "no-store" {
				t.Errorf("%s %s: Cache-Control %q", method, path, cache)
			}
			if text := body(t, response); method == "HEAD" && text != "" {
				t.Errorf("HEAD %s has a body", path)
			}
		}
	}
	if response := ask(handler, "GET", "/livez", ""); response.StatusCode != 200 {
		t.Errorf("/livez: %d", response.StatusCode)
	}
	if vary := ask(handler, "GET", "/status", "").Header.Get("Vary"); vary != "Accept" {
		t.Errorf("Vary: %q", vary)
	}
}

// H2: who asks for what.
func TestAccept(t *testing.T) {
	root := grouper.NewOrdered(nil, grouper.Members{{Name: "idle", Runner: fakes.Idle()}})
	for accept, want := range map[string]string{
		"":                 "text/plain; charset=utf-8",
		"*/*":              "text/plain; charset=utf-8",
		"application/json": "application/json",
		"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8": "text/html; charset=utf-8",
	} {
		response := ask(health.Status(root), "GET", "/", accept)
		if got := response.Header.Get("Content-Type"); got != want {
			t.Errorf("%q gets %q", accept, got)
		}
		text := body(t, response)
		if want == "application/json" {
			var status struct{ Kind, State string }
			if err := json.Unmarshal([]byte(text), &status); err != nil || status.Kind != "ordered" || status.State != "pending" {
				t.Errorf("JSON: %v %q", err, text)
			}
		}
		if strings.HasPrefix(want, "text/plain") && !strings.HasPrefix(text, "ordered group") {
			t.Errorf("text: %q", text)
		}
	}
}

// H3: the page loads nothing, allows nothing else, and nothing breaks out of it.
func TestHostilePage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const hostile = `</script></style><script>alert(1)</script><img src="https://elsewhere.example/x">`
		failing := fakes.NewRunner()
		root := grouper.NewParallel(nil, grouper.Members{{Name: hostile, Runner: failing}, {Name: "idle", Runner: fakes.Idle()}})
		process := ifrit.Background(root)
		failing.TriggerExit(errors.New(hostile))
		synctest.Wait()
		response := ask(health.Status(root), "GET", "/", "text/html")
		page := body(t, response)
		if strings.Contains(page, "<script>alert") || strings.Contains(page, "<img") {
			t.Error("it broke out of the page")
		}
		for _, load := range []string{` src="`, `<link`, `@import`, `url(`} {
			if strings.Contains(page, load) {
				t.Errorf("the page has %q", load)
			}
		}
		policy := response.Header.Get("Content-Security-Policy")
		if !strings.HasPrefix(policy, "default-src 'none'") || strings.Contains(policy, "unsafe") || strings.Contains(policy, "http") {
			t.Errorf("the policy is %q", policy)
		}
		process.Signal(os.Interrupt)
	})
}

// H4: of a large group the page draws the first 100 members.
func TestLargeGroup(t *testing.T) {
	members := make(grouper.Members, 100_000)
	for i := range members {
		members[i] = grouper.Member{Name: fmt.Sprintf("member-%06d", i), Runner: fakes.Idle()}
	}
	page := body(t, ask(health.Status(grouper.NewParallel(nil, members)), "GET", "/", "text/html"))
	if !strings.Contains(page, "member-000099") || strings.Contains(page, "member-000100") || !strings.Contains(page, "99,900") {
		t.Errorf("the page of %d bytes draws other members", len(page))
	}
}

// H5: the race detector sees if this is not safe.
func TestHandlersAtAnyTime(t *testing.T) {
	root := grouper.NewParallel(os.Interrupt, grouper.Members{{Name: "a", Runner: fakes.Idle()}, {Name: "b", Runner: fakes.Idle()}})
	handler := health.Handler(root)
	var asking sync.WaitGroup
	for _, path := range []string{"/livez", "/readyz", "/status"} {
		for _, accept := range []string{"text/html", "application/json", "text/plain"} {
			asking.Go(func() {
				for range 100 {
					ask(handler, "GET", path, accept)
				}
			})
		}
	}
	for range 10 {
		process := ifrit.Invoke(root)
		process.Signal(os.Interrupt)
		<-process.Wait()
	}
	asking.Wait()
}
