package lines_test

import (
	"testing"

	"github.com/seed-3b777528/grouper/examples/internal/lines"
)

func TestCount(t *testing.T) {
	for name, test := range map[string]struct {
		src  string
		want int
	}{
		"nothing":                             {"", 0},
		"blank lines":                         {"\n \n\t\n", 0},
		"a comment":                           {"// one\n/* two\nthree */\n", 0},
		"code":                                {"package p\n\nfunc f() {\n\tg(1,\n\t\t2)\n}\n", 5},
		"code without an end of line":         {"package p", 1},
		"code before a comment":               {"x := 1 // one\n", 1},
		"code between and after comments":     {"/* a\n*/ x := /* b\n\n*/ 1\n", 2},
		"a comment's signs in a string":       {"x := \"// no\"\ny := `/*`\n", 2},
		"several statements on a line":        {"a(); b(); c()\n", 1},
		"a raw string with a blank line":      {"x := `one\n\n  // three\n` + y\n", 3},
		"a semicolon on a line of its own":    {"for i := 0\n;\n", 2},
		"lines that end with carriage return": {"package p\r\n\r\nvar x int\r\n", 2},
	} {
		if got := lines.Count([]byte(test.src)); got != test.want {
			t.Errorf("%s: %d lines, not %d", name, got, test.want)
		}
	}
}
