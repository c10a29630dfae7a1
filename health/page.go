package health

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html/template"
	"strings"
	"time"

	"github.com/seed-3b777528/grouper"
)

//go:embed page.html
var source string

//go:embed page.css
var style string

//go:embed page.js
var script string

var pageTemplate = template.Must(template.New("page").Parse(source))

// policy allows the page its own script and style, and requests to its own
// service for a newer picture (H3).
var policy = strings.Join([]string{
	"default-src 'none'",
	"script-src " + hash(script),
	"style-src " + hash(style),
	"connect-src 'self'",
	"base-uri 'none'",
	"form-action 'none'",
	"frame-ancestors 'none'",
}, "; ")

func hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// A page is what the template draws.
type page struct {
	Style  template.CSS
	Script template.JS

	Word    string // stopping
	Waiting []string
	More    string // how many are waited for besides these
	Root    string // ordered group, signal: terminated
	Age     string
	Members string // 3 ready, 1 exited
	Rows    []row
	Length  string // of the timeline; empty before the root has started
	State   grouper.State
	Ended   bool // the timeline ends with the root's exit, not now
	Seen    time.Time
}

func newPage(status grouper.Status, ok bool) page {
	p := page{
		Style: template.CSS(style), Script: template.JS(script),
		Word: verdict(status, ok), Seen: time.Now().UTC(),
	}
	if !ok {
		return p
	}
	p.Waiting, p.More = firstOf(status.WaitingFor())
	p.Root, p.State = describe(status), status.State
	p.Members = tally(status.All())
	p.Rows = rowsOf(&status)
	if status.State != grouper.StatePending {
		t := timelineOf(status)
		p.Age, p.Length = age(status.For), age(t.to.Sub(t.from))
		p.Ended = status.State == grouper.StateExited
	}
	return p
}

func (p page) render() (string, error) {
	var body strings.Builder
	err := pageTemplate.Execute(&body, p)
	return body.String(), err
}

// firstOf returns as many paths as are read at a glance, and the number of the
// others.
func firstOf(paths []string) (first []string, more string) {
	const most = 10
	for _, path := range paths[:min(most, len(paths))] {
		first = append(first, clip(printable(path)))
	}
	if len(paths) > most {
		more = count(len(paths) - most)
	}
	return first, more
}
