package browser

import (
	"errors"
	"strings"
	"testing"

	"github.com/seed-3b777528/grouper"
	"github.com/seed-3b777528/grouper/fakes"
	"github.com/tedsuo/ifrit"
)

var hostile = []string{
	`</script><script>window.pwned=1</script>`,
	`<img src=x onerror="window.pwned=1">`,
	`"><svg onload=window.pwned=1>`,
	`' onmouseover='window.pwned=1`,
	`</title></style></main><script>alert(1)</script>`,
	`<iframe srcdoc="<script>parent.pwned=1</script>"></iframe>`,
	`<meta http-equiv=refresh content="0;url=http://example.com/">`,
	`javascript:window.pwned=1`,
	`{{.Script}}`, "${window.pwned=1}", `\u003cscript>`,
	"two\nlines\r\nand\u2028more",
	"\u202egnp.exe\u2066 \u200f", // turns the direction of writing around
	"\x00\x1b[2J\xff",
	strings.Repeat("long ", 20_000),
	strings.Repeat("W", 100_000),
}

// outline is the page as its elements and the names of their attributes, each
// once: what only markup can change.
const outline = `[...new Set([...document.querySelectorAll("*")].map(
	(e) => [e.parentElement?.nodeName, e.nodeName, ...[...e.attributes].map((a) => a.name)].join(" ")))].sort().join("\n")`

// H3: names and errors do nothing, whatever is in them: neither on a page that
// comes with them, nor on one that takes them in later.
func TestHostileTextsDoNothing(t *testing.T) {
	want := afterExits(t, []string{"one", "two", "three"})
	got := afterExits(t, hostile)
	page, wanted := evaluate[string](got, outline), evaluate[string](want, outline)
	if page != wanted {
		t.Errorf("the page is\n%s\nwithout hostile texts it is\n%s", page, wanted)
	}
	if evaluate[bool](got, `"pwned" in window`) {
		t.Error("a text was run")
	}
	if violations := evaluate[[]string](got, "violations"); len(violations) > 0 {
		t.Errorf("only the policy has stopped %v", violations)
	}
	for _, text := range []string{"\u202e", "\u2066", "\u200f", "\u2028", "\x00", "\x1b"} {
		if shown := evaluate[string](got, "document.documentElement.textContent + document.title"); strings.Contains(shown, text) {
			t.Errorf("%q is on the page", text)
		}
	}
	for _, text := range hostile[:8] { // nothing in these needs a quote
		if shown := evaluate[string](got, "document.body.innerText"); strings.Count(shown, text) < 2 {
			t.Errorf("%q is not on the page as a name and as an error", text)
		}
	}
}

// afterExits returns the page of members with such names, as it has become by
// itself when they have failed, with errors of such texts.
func afterExits(t *testing.T, texts []string) *tab {
	stays := fakes.NewRunner()
	members := grouper.Members{{Name: "stays", Runner: stays}}
	byText := map[string]*fakes.Runner{}
	for _, text := range texts {
		byText[text] = fakes.NewRunner()
		members = append(members, grouper.Member{Name: text, Runner: byText[text]})
	}
	root := grouper.NewParallel(nil, members)
	process := ifrit.Background(root)
	stays.WaitForStart()
	for _, text := range texts {
		byText[text].WaitForStart()
	}
	page := openTab(t, serve(t, root).URL+"/status")
	page.until(`document.querySelector("h1").textContent === "starting"`)
	for _, text := range texts {
		byText[text].TriggerExit(errors.New(text))
	}
	page.until(`document.querySelectorAll(".error").length === document.querySelectorAll("tbody tr").length - 1`)
	t.Cleanup(func() {
		stays.TriggerExit(nil)
		<-process.Wait()
	})
	return page
}

// H3: what the page does not bring itself, its policy does not allow.
func TestThePolicyStopsWhatIsNotThePages(t *testing.T) {
	s := newService(t)
	page := openTab(t, s.URL+"/status")
	for _, test := range []struct{ what, attempt, violates string }{
		{"a script", `document.body.append(Object.assign(document.createElement("script"), {text: "window.pwned = 1"}))`, "script-src-elem"},
		{"a handler", `document.body.setAttribute("onclick", "window.pwned = 1")`, "script-src-attr"},
		{"a text that is run", `setTimeout("window.pwned = 1")`, "script-src"},
		{"a style", `document.body.append(Object.assign(document.createElement("style"), {textContent: "* {color: red}"}))`, "style-src-elem"},
		{"a question to others", `void fetch("http://other.invalid/").catch(() => {})`, "connect-src"},
		{"a form", `document.body.append(Object.assign(document.createElement("form"), {action: "http://other.invalid/"})); document.forms[0].submit()`, "form-action"},
	} {
		page.do(evaluating("violations.length = 0; " + test.attempt))
		page.until("violations.length > 0")
		if violations := evaluate[[]string](page, "violations"); len(violations) != 1 || violations[0] != test.violates {
			t.Errorf("%s violates %v, want %s", test.what, violations, test.violates)
		}
	}
	if evaluate[bool](page, `"pwned" in window`) {
		t.Error("something was run")
	}
}
