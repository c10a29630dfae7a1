//go:build unix

package main

import (
	"context"
	"net"
	"os"
	"slices"
	"strings"
	"testing"
)

const document = "Text with `go doc x`, `gopher` and `curl a b`.\n" +
	"```sh\n" +
	"# a comment\n" +
	"ls -l   # a list\n" +
	"\n" +
	"sleep 1 # two minutes\n" +
	"```\n" +
	"```go\n" +
	"go build(`go x`)\n" +
	"```\n" +
	"```sh\n" +
	"go get x\n" +
	"go mod tidy\n" +
	"```\n" +
	"and `bash y`\n"

func TestCommandsOf(t *testing.T) {
	want := []command{
		{"a.md", 1, "go doc x", ""},
		{"a.md", 1, "curl a b", ""},
		{"a.md", 4, "ls -l", "a list"},
		{"a.md", 6, "sleep 1", "two minutes"},
		{"a.md", 12, "go get x\ngo mod tidy", ""},
		{"a.md", 15, "bash y", ""},
	}
	got := commandsOf("a.md", document)
	if !slices.Equal(got, want) {
		t.Errorf("the commands are %q", got)
	}
	for _, c := range got {
		if c.long() != (c.line == 6) {
			t.Errorf("%v: long is %v", c, c.long())
		}
	}
}

func TestRules(t *testing.T) {
	var commands []command
	for _, text := range []string{
		"go get x\ngo mod tidy", "curl 'localhost:6060/debug'", "curl localhost:8081/status",
		"go run -C examples ./service", "go run -C examples ./service -demo", "ls",
	} {
		commands = append(commands, command{text: text})
	}
	want := []rule{
		{user: true}, {user: true, beside: userService}, {beside: exampleService},
		{beside: exampleService, itself: true}, {skip: inCI}, {},
	}
	for i, c := range commands {
		got := ruleOf(c)
		if got.pattern = ""; got != want[i] {
			t.Errorf("the rule of %q is %+v", c.text, got)
		}
	}
	if err := allRulesApply(commands); err == nil || !strings.Contains(err.Error(), "ci/run") {
		t.Errorf("that no document has a command for a rule is %v", err)
	}
}

// Bash is the only program that these commands need.
func runIn(t *testing.T, text string, r rule) (string, error) {
	t.Helper()
	printed, err := (&places{clone: t.TempDir()}).run(context.Background(), command{text: text}, r)
	return string(printed), err
}

func TestRun(t *testing.T) {
	for _, c := range []struct {
		text, want string
		fails      bool
	}{
		{text: "echo a; echo b >&2", want: "a\nb\n"},
		{text: "false\necho a", fails: true},
		{text: "false | cat", fails: true},
	} {
		if got, err := runIn(t, c.text, rule{}); got != c.want || (err != nil) != c.fails {
			t.Errorf("%q printed %q, with the error %v", c.text, got, err)
		}
	}
}

// address is one that accepts connections, as a server does at which a command
// is aimed.
func address(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	return listener.Addr().String()
}

func TestServer(t *testing.T) {
	for _, c := range []struct {
		end, command, want string
		fails              bool
	}{
		{"exit 1", "until [ -e served ]; do :; done; echo asks", "asks\nserved\nstopped\n", false},
		{"echo exit status 1; exit 1", "until [ -e served ]; do :; done", "served\nstopped\nexit status 1\n", true},
		{"exit 1", "until [ -e served ]; do :; done; false", "served\nstopped\n", true},
	} {
		server := &server{
			command: "trap 'echo stopped; " + c.end + "' INT; echo served; touch served; while :; do sleep 0.01; done",
			address: address(t),
		}
		if got, err := runIn(t, c.command, rule{beside: server}); got != c.want || (err != nil) != c.fails {
			t.Errorf("%q printed %q, with the error %v", c.command, got, err)
		}
	}
}

func TestServerThatExits(t *testing.T) {
	listener, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	listener.Close() // nobody else listens there now
	server := &server{command: "echo no; exit 3", address: listener.Addr().String()}
	if got, err := runIn(t, "true", rule{beside: server}); got != "no\n" || err == nil {
		t.Errorf("it printed %q, with the error %v", got, err)
	}
}

func TestEnvironment(t *testing.T) {
	for _, name := range []string{"GOCACHE", "XDG_CACHE_HOME", "GOPRIVATE", "GIT_CONFIG_COUNT", "GIT_CONFIG_KEY_0", "GIT_CONFIG_VALUE_0"} {
		t.Setenv(name, os.Getenv(name)) // put back at the end
	}
	os.Unsetenv("GOCACHE")
	if err := prepare(context.Background(), "/scratch", "/clone"); err != nil {
		t.Fatal(err)
	}
	got, err := output(context.Background(), ".", "git config url.file:///clone.insteadOf")
	if err != nil || strings.TrimSpace(got) != "https://"+module {
		t.Errorf("the module is cloned from there instead of %q (%v)", got, err)
	}
}
