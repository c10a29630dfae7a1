//go:build unix

package main

import (
	"fmt"
	"regexp"
)

// A rule says how commands are run that are not just run in the clone.
type rule struct {
	pattern string
	skip    string  // why they are not run here
	long    bool    // they take minutes
	user    bool    // they are run in the folder of a user's service
	beside  *server // what has to run meanwhile
	itself  bool    // the command is that server
}

// A server runs in the foreground until it is interrupted.
type server struct {
	command string
	address string // it accepts connections there
	says    string // or prints that once it runs
	fails   bool   // it exits with an error when it is interrupted
	user    bool   // it is run in the folder of a user's service
}

var (
	exampleService = &server{command: "go run -C examples ./service", address: "localhost:8081"}
	deafService    = &server{command: "go run -C examples ./production/shutdown -member deaf", says: "service ready", fails: true}
	userService    = &server{command: "go run .", address: "localhost:6060", user: true}
)

const inCI = ".ci/run does it in a step of its own"

var rules = []rule{
	{pattern: `bash \.ci/run`, skip: "it runs this command"},
	{pattern: `go run -C tools \./commands`, skip: "this is it"},
	{pattern: `go run -C tools \./words`, skip: inCI},
	{pattern: `go test \./\.\.\.`, skip: inCI},
	{pattern: `go test -C proof \./\.\.\.`, skip: inCI},
	{pattern: `go run -C examples \./service -demo`, skip: inCI},
	{pattern: `go generate .*`, skip: inCI},
	{pattern: `go (mod init try|mod tidy|run \.)`, skip: "proof/goget does it, with the first program of README.md"},
	{pattern: `go tool pprof -tags`, skip: "docs/inside.md has it in full"},
	{pattern: `go tool trace .*`, skip: "it opens a browser"},
	{pattern: `go run -C benchmarks \./compare.*`, long: true},
	{pattern: `go run -C tools \./mutate`, long: true},

	{pattern: `kubectl .*`, skip: "it needs a cluster"},

	{pattern: `go get (?s:.*)`, user: true},
	{pattern: `go run -C examples \./service`, beside: exampleService, itself: true},
	{pattern: `go run -C examples \./production/shutdown .*`, beside: deafService, itself: true},
	{pattern: `curl .*localhost:808.*`, beside: exampleService},
	{pattern: `curl .*localhost:6060.*`, user: true, beside: userService},
	{pattern: `go tool pprof .*cpu\.pprof`, user: true}, // which curl has saved
}

func (r rule) applies(c command) bool {
	return regexp.MustCompile(`^(?:` + r.pattern + `)$`).MatchString(c.text)
}

// ruleOf returns the first rule for a command.
func ruleOf(c command) rule {
	for _, r := range rules {
		if r.applies(c) {
			return r
		}
	}
	return rule{}
}

// allRulesApply returns an error if there is a rule for nothing.
func allRulesApply(commands []command) error {
	used := map[string]bool{}
	for _, c := range commands {
		used[ruleOf(c).pattern] = true
	}
	for _, r := range rules {
		if !used[r.pattern] {
			return fmt.Errorf("no document has a command for the rule %q", r.pattern)
		}
	}
	return nil
}
