package health_test

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/seed-3b777528/grouper"
	"github.com/tedsuo/ifrit"
)

// panicking is an error, and a signal, whose text cannot be had.
type panicking struct{}

func (panicking) Error() string  { panic(panicking{}) }
func (panicking) String() string { panic(panicking{}) }
func (panicking) Signal()        {}

// H3: names, errors and signals cannot break out of the page, whatever is in
// them.
func TestNothingBreaksOutOfThePage(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		hostile := []string{
			`</title><script>alert(1)</script>`, `<img src=x onerror=alert(1)>`, `"><svg onload=alert(1)>`,
			`' onmouseover='alert(1)`, `</style></script><!--`, `{{.Rows}}`, "\x00\x1b[2J\u202e\xff", "`${alert(1)}`",
		}
		list, m := members(hostile...)
		inside := grouper.NewParallel(nil, list)
		root := grouper.NewParallel(nil, grouper.Members{{Name: `<b>`, Runner: inside}})
		process := ifrit.Background(root)
		for _, name := range hostile {
			m[name].WaitForStart()
		}
		starting := pageOf(root)
		for _, name := range hostile[1:] {
			m[name].TriggerExit(errors.New(name))
		}
		synctest.Wait()
		for _, page := range []string{starting, pageOf(root)} {
			wantNotContains(t, page, "<b>", "<img", "<svg onload", "' onmouseover='", "<!--", "\x00", "\x1b", "\u202e", "\xff")
			for element, n := range map[string]int{"<script": 1, "<style": 1, "<title": 1 + strings.Count(page, "<svg")} {
				if got := strings.Count(page, element); got != n {
					t.Errorf("%d times %s, want %d", got, element, n)
				}
			}
			wantContains(t, page, "&lt;img src=x onerror=alert(1)&gt;", "{{.Rows}}", `\x00\x1b[2J\u202e\xff`)
		}
		process.Signal(panicking{})
		m[hostile[0]].WaitForSignal()
		wantContains(t, pageOf(root), "signal: health_test.panicking without a text")
		m[hostile[0]].TriggerExit(panicking{})
		<-process.Wait()
		wantContains(t, pageOf(root), "error: ", "health_test.panicking without a text")
	})
}

// H3: nor does one of any length.
func TestLongTextsAreClipped(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		name := strings.Repeat("é", 1_000_000)
		list, m := members(name)
		root := grouper.NewParallel(nil, list)
		process := ifrit.Background(root)
		m[name].TriggerExit(errors.New("x" + name))
		<-process.Wait()
		page := pageOf(root)
		wantContains(t, page, strings.Repeat("é", 1000)+"… and 1998000 bytes more", "x"+strings.Repeat("é", 999)+"… and 1998002 bytes more")
		if len(page) > 100_000 {
			t.Errorf("the page has %d bytes", len(page))
		}
	})
}
