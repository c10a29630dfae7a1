package health_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-3b777528/grouper"
	"github.com/seed-3b777528/grouper/health"
	"github.com/tedsuo/ifrit"
)

// H2: a browser gets a page, a client that asks for JSON the Status, and
// everybody else the tree.
func TestStatusAnswersWhatIsAskedFor(t *testing.T) {
	const page, status, tree = "text/html; charset=utf-8", "application/json", "text/plain; charset=utf-8"
	list, _ := members("api")
	root := grouper.NewParallel(os.Interrupt, list)
	for accept, want := range map[string]string{
		browser:                             page,
		"text/html":                         page,
		"TEXT/HTML":                         page,
		"text/html, application/json":       page,
		"text/html;q=0.9, application/json": status,
		"application/json":                  status,
		"application/json; charset=utf-8":   status,
		"application/json, text/plain, */*": status,
		"application/json;q=0.5, */*;q=0.1": status,
		"application/json;q=0":              tree,
		"text/html;q=0":                     tree,
		"text/html;q=high":                  tree,
		"text/html;q=NaN":                   tree,
		"text/plain":                        tree,
		"text/plain, text/html;q=0.5":       tree,
		"application/jsonlines":             tree,
		"*/*":                               tree,
		"text/*":                            tree,
		"":                                  tree,
		";;;,,, =":                          tree,
	} {
		answer := ask(root, http.MethodGet, "/status", accept)
		if got := answer.Header().Get("Content-Type"); got != want || answer.Code != 200 {
			t.Errorf("%q gets %d %q, want 200 %q", accept, answer.Code, got, want)
		}
		if vary := answer.Header().Get("Vary"); vary != "Accept" {
			t.Errorf("%q gets Vary %q", accept, vary)
		}
	}
}

// H2: all Accept headers count.
func TestStatusReadsAllAcceptHeaders(t *testing.T) {
	list, _ := members("api")
	root := grouper.NewParallel(os.Interrupt, list)
	answer := serve(health.Status(root), http.MethodGet, "/", "text/plain;q=0.1", "application/json")
	if got := answer.Header().Get("Content-Type"); got != "application/json" {
		t.Errorf("the type is %q", got)
	}
}

// H2: the tree and the JSON are those of the Status.
func TestStatusIsThatOfInspect(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		list, m := members("api", "admin")
		root := grouper.NewOrdered(os.Interrupt, list)
		process := ifrit.Background(root)
		m["api"].TriggerReady()
		m["admin"].TriggerExit(errors.New("port <8080> in use"))
		m["api"].WaitForSignal()
		time.Sleep(5 * time.Second)
		synctest.Wait()
		status, _ := grouper.Inspect(root)
		if got := ask(root, http.MethodGet, "/status", curl).Body.String(); got != status.String() {
			t.Errorf("the tree is\n%s\nwant\n%s", got, status)
		}
		want, err := json.Marshal(status)
		if err != nil {
			t.Fatal(err)
		}
		if got := ask(root, http.MethodGet, "/status", jsonAPI).Body.String(); strings.TrimSpace(got) != string(want) {
			t.Errorf("the JSON is\n%s\nwant\n%s", got, want)
		}
		m["api"].TriggerExit(nil)
		<-process.Wait()
	})
}
