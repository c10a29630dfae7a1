package browser

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/seed-3b777528/grouper/health"
)

// H3: the page follows a start, a restart, a shutdown that is stuck, and the
// end of the service, by itself, and marks who is waited for.
func TestThePageFollowsTheService(t *testing.T) {
	s := newService(t)
	page := openTab(t, s.URL+"/status", chromedp.EmulateViewport(900, 300))
	page.follows("pending", "store | pending", "broker | pending", "servers parallel group | pending",
		"servers/api | pending", "servers/probes | pending")

	s.start()
	page.follows("starting, waiting for store", "store | starting | waiting", "broker | pending",
		"servers parallel group | pending", "servers/api | pending", "servers/probes | pending")
	s.store.TriggerReady()
	page.follows("starting, waiting for broker", "store | ready", "broker | starting | waiting",
		"servers parallel group | pending", "servers/api | pending", "servers/probes | pending")
	s.broker.TriggerReady()
	s.probes.TriggerReady()
	page.follows("starting, waiting for servers/api", "store | ready", "broker | ready",
		"servers parallel group | starting", "servers/api | starting | waiting", "servers/probes | ready")
	s.api.TriggerReady()
	page.follows("ready", "store | ready", "broker | ready",
		"servers parallel group | ready", "servers/api | ready", "servers/probes | ready")

	s.broker.TriggerExit(errors.New("connection refused"))
	page.follows("not ready, waiting for broker", "store | ready", "broker | ready | waiting | down … after 1 run: connection refused",
		"servers parallel group | ready", "servers/api | ready", "servers/probes | ready")
	s.pauses.end()
	page.follows("not ready, waiting for broker", "store | ready", "broker | ready | waiting | run 2 starting …",
		"servers parallel group | ready", "servers/api | ready", "servers/probes | ready")
	s.broker.TriggerReady()
	page.follows("ready", "store | ready", "broker | ready | run 2 ready …",
		"servers parallel group | ready", "servers/api | ready", "servers/probes | ready")

	s.stop()
	page.follows("stopping, waiting for servers/api", "store | ready", "broker | ready | run 2 ready …",
		"servers parallel group, signal: interrupt | stopping", "servers/api | stopping | waiting", "servers/probes | exited")
	writePicture(page)

	s.exit()
	last := []string{"exited", "store | exited", "broker | exited | down … after 2 runs",
		"servers parallel group, signal: interrupt | exited", "servers/api | exited", "servers/probes | exited"}
	page.follows(last...)
	s.Close()
	page.follows(append(last, "The service does not answer since …. This is the last picture of it.")...)
	if title := evaluate[string](page, "document.title"); title != "no answer (exited)" {
		t.Errorf("the title is %q", title)
	}
}

// H3: a service that answers again is followed again.
func TestThePageComesBack(t *testing.T) {
	s := newService(t)
	var silent atomic.Bool
	handler := health.Handler(s.root)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if silent.Load() {
			panic(http.ErrAbortHandler)
		}
		handler.ServeHTTP(w, r)
	}))
	defer server.Close()
	page := openTab(t, server.URL+"/status")
	page.until(`document.title === "pending"`)
	silent.Store(true)
	page.until(`document.title === "no answer (pending)" && notice.checkVisibility()`)
	s.start()
	silent.Store(false)
	page.until(`document.title === "starting: store" && !notice.checkVisibility()`)
	s.store.TriggerExit(nil)
	<-s.process.Wait()
}
