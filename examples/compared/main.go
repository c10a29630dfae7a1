// Compared prints how many lines of glue a production-like service takes with
// each of six libraries, and what is built in, as a table in Markdown.
package main

import (
	"cmp"
	"embed"
	"fmt"
	"strings"

	"github.com/seed-3b777528/grouper/examples/internal/lines"
)

//go:embed */main.go
var versions embed.FS

func main() { fmt.Print(table()) }

func table() string {
	var b strings.Builder
	row := func(title string, cell func(library) string) {
		b.WriteString("| " + title + " |")
		for _, l := range libraries {
			b.WriteString(" " + cell(l) + " |")
		}
		b.WriteString("\n")
	}
	row("", func(l library) string { return "[" + l.name + "](examples/compared/" + l.folder + "/main.go)" })
	row("---", func(library) string { return "---" })
	row("lines of glue", func(l library) string { return fmt.Sprint(glue(l)) })
	for _, f := range features {
		row(string(f), func(l library) string { return cmp.Or(l.has[f], byHand) })
	}
	return b.String()
}

// glue counts the lines of a version.
func glue(l library) int {
	source, err := versions.ReadFile(l.folder + "/main.go")
	if err != nil {
		panic(err) // it is in the program
	}
	return lines.Count(source)
}
