package browser

import (
	"context"
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// spoken returns what a screen reader is given: the names of the nodes of each
// role.
func spoken(b *tab) map[string][]string {
	b.t.Helper()
	tree := call(b, accessibility.GetFullAXTree, accessibility.GetFullAXTreeParams{})
	names := map[string][]string{}
	for _, node := range tree.Nodes {
		if role := text(b.t, node.Role); !node.Ignored {
			names[role] = append(names[role], text(b.t, node.Name))
		}
	}
	return names
}

var times = regexp.MustCompile(`\b(\d[\d.]*(µs|ms|s|m|h|d))+`)

func text(t *testing.T, value *accessibility.Value) (text string) {
	t.Helper()
	if value == nil {
		return ""
	}
	if err := json.Unmarshal(value.Value, &text); err != nil {
		t.Fatal(err)
	}
	return times.ReplaceAllString(strings.Join(strings.Fields(text), " "), "…")
}

func wantSpoken(t *testing.T, names map[string][]string, role string, want ...string) {
	t.Helper()
	if !slices.Equal(names[role], want) {
		t.Errorf("%s: a screen reader is given %q, want %q", role, names[role], want)
	}
}

func wantTree(t *testing.T, names map[string][]string) {
	t.Helper()
	wantSpoken(t, names, "main", "")
	wantSpoken(t, names, "heading", "Stopping", "Waiting for")
	wantSpoken(t, names, "table", "Members")
	wantSpoken(t, names, "rowheader", "store", "broker", "servers parallel group, signal: interrupt", "servers/ api", "servers/ probes")
	for _, said := range []string{"servers/api", "waiting", "run 2 ready …"} {
		if !slices.Contains(names["StaticText"], said) {
			t.Errorf("%q is not among %q", said, names["StaticText"])
		}
	}
}

// H3: a screen reader is given a table with named rows and columns, on any
// screen, bars in words, and the news.
func TestThePageIsForScreenReaders(t *testing.T) {
	s := stuckService(t)
	for name, width := range map[string]int64{"wide": 1200, "phone": 375} {
		t.Run(name, func(t *testing.T) {
			page := openTab(t, s.URL+"/status", chromedp.EmulateViewport(width, 800))
			names := spoken(page)
			wantTree(t, names)
			wantSpoken(t, names, "columnheader", "Member", "State", "For", "… ago Timeline now", "Notes")
			stopping := "starting …, ready …, stopping …"
			wantSpoken(t, names, "image", "starting …, ready …", "starting …, ready …", stopping, stopping, stopping)
			if len(names["status"]) != 1 || len(names["row"]) != 6 {
				t.Errorf("there are %d verdicts and %d rows", len(names["status"]), len(names["row"]))
			}
			if language := evaluate[string](page, "document.documentElement.lang"); language != "en" {
				t.Errorf("the language is %q", language)
			}
		})
	}
	page := openTab(t, s.URL+"/status")
	s.Close()
	page.until("notice.checkVisibility()")
	if alerts := spoken(page)["alert"]; len(alerts) != 1 {
		t.Errorf("the alerts are %q", alerts)
	}
}

// H3: without JavaScript the page shows all, and says how to get a newer one.
func TestThePageNeedsNoJavaScript(t *testing.T) {
	s := stuckService(t)
	page := openTab(t, s.URL+"/status", chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := cdp.Call(ctx, tab, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
		return err
	}))
	names := spoken(page)
	wantTree(t, names)
	if advice := "Without JavaScript the page does not follow the service: reload it for a newer picture."; !slices.Contains(names["StaticText"], advice) {
		t.Errorf("%q is not among %q", advice, names["StaticText"])
	}
}
