package health_test

import (
	"html"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/seed-3b777528/grouper"
	"github.com/seed-3b777528/grouper/fakes"
	"github.com/seed-3b777528/grouper/health"
	"github.com/tedsuo/ifrit"
)

const (
	browser = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
	jsonAPI = "application/json"
	curl    = "*/*"
)

// paths are all that Handler answers.
var paths = []string{"/livez", "/readyz", "/status"}

// ask sends a request to the handler of a root.
func ask(root ifrit.Runner, method, path, accept string) *httptest.ResponseRecorder {
	return serve(health.Handler(root), method, path, accept)
}

func serve(handler http.Handler, method, path string, accept ...string) *httptest.ResponseRecorder {
	request := httptest.NewRequest(method, path, nil)
	request.Header["Accept"] = accept
	answer := httptest.NewRecorder()
	handler.ServeHTTP(answer, request)
	return answer
}

func readyz(root ifrit.Runner) (int, string) {
	answer := ask(root, http.MethodGet, "/readyz", "")
	return answer.Code, answer.Body.String()
}

// pageOf returns the page that a browser gets.
func pageOf(root ifrit.Runner) string {
	return ask(root, http.MethodGet, "/status", browser).Body.String()
}

func wantReadyz(t *testing.T, root ifrit.Runner, code int, body string) {
	t.Helper()
	gotCode, gotBody := readyz(root)
	if gotCode != code || gotBody != body {
		t.Errorf("/readyz is %d %q, want %d %q", gotCode, gotBody, code, body)
	}
}

var (
	tableRow = regexp.MustCompile(`(?s)<tr [^>]*>.*?</tr>`)
	cell     = regexp.MustCompile(`(?s)<t[hd] [^>]*>(.*?)</t[hd]>`)
	tag      = regexp.MustCompile(`<[^>]*>`)
	verdict  = regexp.MustCompile(`(?s)<div class="verdict".*</ul>`)
)

// tableOf returns the text of each row of a page's table but the first, with a
// bar between its cells.
func tableOf(page string) []string {
	var rows []string
	for _, row := range tableRow.FindAllString(page, -1)[1:] {
		var cells []string
		for _, c := range cell.FindAllStringSubmatch(row, -1) {
			if text := words(c[1]); text != "" {
				cells = append(cells, text)
			}
		}
		rows = append(rows, strings.Join(cells, " | "))
	}
	return rows
}

// headOf returns the text above a page's table.
func headOf(page string) string {
	return words(verdict.FindString(page))
}

func words(markup string) string {
	return strings.Join(strings.Fields(html.UnescapeString(tag.ReplaceAllString(markup, ""))), " ")
}

func wantTable(t *testing.T, root ifrit.Runner, rows ...string) {
	t.Helper()
	if got := tableOf(pageOf(root)); !slices.Equal(got, rows) {
		t.Errorf("the table is\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(rows, "\n"))
	}
}

func wantContains(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%q is not in:\n%s", part, text)
		}
	}
}

func wantNotContains(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if strings.Contains(text, part) {
			t.Errorf("%q is in:\n%s", part, text)
		}
	}
}

// members returns fakes with names.
func members(names ...string) (grouper.Members, map[string]*fakes.Runner) {
	var list grouper.Members
	byName := map[string]*fakes.Runner{}
	for _, name := range names {
		byName[name] = fakes.NewRunner()
		list = append(list, grouper.Member{Name: name, Runner: byName[name]})
	}
	return list, byName
}

// inBubble runs a test with a clock of its own. The test has to let its members
// exit.
func inBubble(t *testing.T, test func(*testing.T)) {
	t.Helper()
	synctest.Test(t, test)
}

// restarting is a Wrap that runs what is inside again whenever again says so.
func restarting(runner ifrit.Runner, again <-chan struct{}) ifrit.Runner {
	return grouper.Wrap(runner, func(inside ifrit.Runner) ifrit.Runner {
		return ifrit.RunFunc(func(signals <-chan os.Signal, ready chan<- struct{}) error {
			err := inside.Run(signals, ready)
			for range again {
				err = inside.Run(signals, nil)
			}
			return err
		})
	})
}
