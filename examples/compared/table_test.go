package main

import (
	"os"
	"strings"
	"testing"
)

// The README shows what the command prints.
func TestTheREADMEHasTheTable(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(readme), "\n\n"+table()+"\n") {
		t.Errorf("the README does not have this table:\n%s", table())
	}
	if command := "go run -C examples ./compared`"; !strings.Contains(string(readme), command) {
		t.Errorf("the README does not have %q", command)
	}
}

// Only with runners, service and health: less than 60 lines.
func TestTheGlueIsShort(t *testing.T) {
	if own := glue(libraries[0]); libraries[0].name != "grouper" || own >= 60 {
		t.Errorf("%s takes %d lines", libraries[0].name, own)
	}
}
