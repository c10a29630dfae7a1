package lines

import "testing"

func TestCount(t *testing.T) {
	for _, test := range []struct {
		src  string
		want int
	}{
		{"", 0},
		{"package p", 1},
		{"// Package p.\npackage p // here\n\n\n", 1},
		{"package p\n\n/* a\nb */ var a int\n/* c\n*/\nvar (\n\tb = 1\n)\n", 5},
		{"package p\n\nvar a = `one\n\nthree` + `\nfour`\n", 5},
		{"package p\n\nfunc f() { a(); b() }\n", 2},
	} {
		if got := Count([]byte(test.src)); got != test.want {
			t.Errorf("%d, not %d:\n%s", got, test.want, test.src)
		}
	}
}
