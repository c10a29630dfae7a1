package health_test

import (
	"context"
	"net/http"
	"os"
	"sync"
	"testing"

	"github.com/seed-3b777528/grouper"
	"github.com/seed-3b777528/grouper/health"
	"github.com/tedsuo/ifrit"
)

// H1, H2: GET and HEAD alone, and nobody keeps an answer.
func TestOnlyGetAndHeadAreAnswered(t *testing.T) {
	list, _ := members("api")
	root := grouper.NewParallel(os.Interrupt, list)
	for _, path := range paths {
		for _, accept := range []string{curl, jsonAPI, browser} {
			get := ask(root, http.MethodGet, path, accept)
			head := ask(root, http.MethodHead, path, accept)
			if head.Code != get.Code || head.Body.Len() > 0 {
				t.Errorf("HEAD of %s is %d with %d bytes, GET is %d", path, head.Code, head.Body.Len(), get.Code)
			}
			for _, answer := range []http.Header{get.Header(), head.Header()} {
				if answer.Get("Cache-Control") != "no-store" || answer.Get("X-Content-Type-Options") != "nosniff" {
					t.Errorf("the header of %s is %v", path, answer)
				}
			}
			if g, h := get.Header().Get("Content-Type"), head.Header().Get("Content-Type"); g != h || g == "" {
				t.Errorf("the types of %s are %q by GET and %q by HEAD", path, g, h)
			}
		}
		for _, method := range []string{"POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW"} {
			answer := ask(root, method, path, "")
			if answer.Code != 405 || answer.Header().Get("Allow") != "GET, HEAD" {
				t.Errorf("%s of %s is %d with Allow %q", method, path, answer.Code, answer.Header().Get("Allow"))
			}
			if answer.Header().Get("Cache-Control") != "no-store" {
				t.Errorf("%s of %s may be kept", method, path)
			}
		}
	}
}

func TestOtherPathsAreNotFound(t *testing.T) {
	for _, path := range []string{"/", "/livez/", "/readyz/all", "/statusz"} {
		if answer := ask(nil, http.MethodGet, path, ""); answer.Code != 404 {
			t.Errorf("%s is %d", path, answer.Code)
		}
	}
}

func TestTheHandlersStandAlone(t *testing.T) {
	list, _ := members("api")
	root := grouper.NewParallel(os.Interrupt, list)
	for path, handler := range map[string]http.Handler{
		"/livez": health.Live(), "/readyz": health.Ready(root), "/status": health.Status(root),
	} {
		together := ask(root, http.MethodGet, path, "")
		mux := http.NewServeMux()
		mux.Handle("/elsewhere", handler)
		alone := serve(mux, http.MethodGet, "/elsewhere")
		if alone.Code != together.Code || alone.Body.String() != together.Body.String() {
			t.Errorf("elsewhere %s is %d %q, want %d %q", path, alone.Code, alone.Body, together.Code, together.Body)
		}
	}
}

// H5: at any time, from any goroutine; the race detector looks on.
func TestTheHandlersMayBeCalledAtAnyTime(t *testing.T) {
	list, m := members("store", "api")
	again := make(chan struct{})
	close(again)
	list[0].Runner = restarting(list[0].Runner, again)
	group := grouper.NewDynamic(os.Interrupt, 0, 0)
	root := grouper.NewParallel(os.Interrupt, append(list, grouper.Member{Name: "jobs", Runner: group}))

	var askers sync.WaitGroup
	over := make(chan struct{})
	job := grouper.WorkerFunc(func(ctx context.Context) error {
		<-ctx.Done()
		return nil
	})
	for _, path := range paths {
		for _, accept := range []string{curl, jsonAPI, browser} {
			asked := make(chan struct{})
			askers.Go(func() {
				for first := true; ; first = false {
					ask(root, http.MethodGet, path, accept)
					if first {
						close(asked)
					}
					select {
					case <-over:
						ask(root, http.MethodGet, path, accept)
						return
					default:
					}
				}
			})
			<-asked // before the run
		}
	}
	for range 20 {
		process := ifrit.Background(root)
		m["store"].TriggerReady()
		m["api"].TriggerReady()
		select {
		case group.Client().Inserter() <- grouper.Member{Name: "job", Runner: job}:
		case <-group.Client().CloseNotifier():
		}
		process.Signal(os.Interrupt)
		m["store"].TriggerExit(nil)
		m["api"].TriggerExit(nil)
		<-process.Wait()
	}
	close(over)
	askers.Wait()
}
