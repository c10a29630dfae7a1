package browser

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

//go:embed drawn.js
var drawnScript string

// A tab of the browser, on one URL.
type tab struct {
	t   *testing.T
	ctx context.Context
	url string

	mu        sync.Mutex
	documents int
	requests  int
	faults    []string // what no page of a service may do
}

// openTab opens a tab, and shows the URL after the steps.
func openTab(t *testing.T, url string, before ...chromedp.Action[chromedp.Void]) *tab {
	t.Helper()
	parent, err := browser()
	if errors.Is(err, errNoBrowser) && os.Getenv("CI") != "true" {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	b := &tab{t: t, url: url}
	ctx, cancel := chromedp.NewContext(parent, chromedp.WithListener(b.event))
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil { // opens it: a deadline before would end it
		t.Fatal(err)
	}
	b.ctx = ctx
	if deadline, ok := t.Deadline(); ok {
		left := time.Until(deadline)
		b.ctx, cancel = context.WithTimeout(ctx, left-left/10) // what is left is for saying why
		t.Cleanup(cancel)
	}
	t.Cleanup(b.check)
	call(b, network.Enable, network.EnableParams{})
	call(b, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: drawnScript})
	b.do(before...)
	b.do(chromedp.Navigate(url))
	return b
}

// event takes down what the page does. It must not wait.
func (b *tab) event(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		b.requests++
		if e.Type == network.ResourceTypeDocument {
			b.documents++
		}
		if host, _, _ := strings.Cut(strings.TrimPrefix(e.Request.URL, "http://"), "/"); !strings.HasPrefix(b.url, "http://"+host+"/") {
			b.faults = append(b.faults, "requests "+e.Request.URL)
		}
	case *runtime.EventExceptionThrown:
		b.faults = append(b.faults, fmt.Sprintf("throws %+v", e.ExceptionDetails))
	case *page.EventJavascriptDialogOpening:
		b.faults = append(b.faults, "opens a dialog: "+e.Message)
		go chromedp.Call(b.ctx, page.HandleJavaScriptDialog, page.HandleJavaScriptDialogParams{Accept: true})
	}
}

// check fails the test for whatever no page may do (H3).
func (b *tab) check() {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, fault := range b.faults {
		b.t.Error("the page", fault)
	}
	if b.documents != 1 || b.requests == 0 {
		b.t.Errorf("%d documents were loaded, in %d requests: want one", b.documents, b.requests)
	}
}

func (b *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, steps...); err != nil {
		b.t.Fatal(err)
	}
}

// until waits for a JavaScript expression to hold.
func (b *tab) until(expression string) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, evaluating("until(() => "+expression+")")); err != nil {
		b.t.Fatalf("waiting for %s: %v; the page shows\n%s", expression, err, b.drawing())
	}
}

// follows waits for the page to show a drawing.
func (b *tab) follows(drawing ...string) {
	b.t.Helper()
	b.until(fmt.Sprintf("drawn() === %q", strings.Join(drawing, "\n")))
}

// drawing works even if the time for waiting is over.
func (b *tab) drawing() string {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(b.ctx), time.Second)
	defer cancel()
	text, err := chromedp.Run(ctx, chromedp.Evaluate[string]("drawn()"))
	if err != nil {
		return err.Error()
	}
	return text
}

// evaluating is a step that drops the value of a JavaScript expression.
func evaluating(expression string) chromedp.Action[chromedp.Void] {
	return chromedp.Evaluate[chromedp.Void](expression, chromedp.EvalAwaitPromise)
}

// evaluate returns the value of a JavaScript expression.
func evaluate[T any](b *tab, expression string) T {
	b.t.Helper()
	value, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		b.t.Fatalf("%s: %v", expression, err)
	}
	return value
}

// call sends a command to the tab.
func call[P, R any](b *tab, command cdp.Command[P, R], params P) R {
	b.t.Helper()
	result, err := chromedp.Call(b.ctx, command, params)
	if err != nil {
		b.t.Fatalf("%s: %v", command.Method, err)
	}
	return result
}
