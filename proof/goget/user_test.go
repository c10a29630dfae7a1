package goget

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// patience is for what has to happen, however slow the machine: only a test
// that fails ever waits for so long.
const patience = 5 * time.Minute

// A user has an empty module.
type user struct {
	*testing.T
	folder string
	env    []string
}

// newUser gives a user who gets the library from a registry, and all else from
// where this test has it from. The module cache is none that is used for
// anything else, as no such version may exist.
func newUser(t *testing.T, registry, cache string) *user {
	t.Helper()
	own := strings.Split(goEnv(t, "GOPROXY", "GONOSUMDB", "GOFLAGS"), "\n")
	u := &user{T: t, folder: t.TempDir(), env: append(os.Environ(),
		"GOPROXY=file://"+filepath.ToSlash(registry)+","+own[0],
		"GONOPROXY=none",
		"GONOSUMDB="+strings.TrimPrefix(own[1]+","+library.Path, ","),
		"GOFLAGS="+strings.TrimSpace(own[2]+" -modcacherw"), // so that the cache can be removed
		"GOMODCACHE="+cache,
		"GOWORK=off",
	)}
	u.run("go", "mod", "init", "try")
	return u
}

// goEnv gives Go's settings, one a line.
func goEnv(t *testing.T, names ...string) string {
	t.Helper()
	settings, err := exec.Command("go", append([]string{"env"}, names...)...).Output()
	if err != nil {
		t.Fatal(err)
	}
	return string(settings)
}

func (u *user) command(name string, args ...string) *exec.Cmd {
	ctx, cancel := context.WithTimeout(u.Context(), patience)
	u.Cleanup(cancel)
	command := exec.CommandContext(ctx, name, args...)
	command.Dir, command.Env = u.folder, u.env
	return command
}

// run runs a command, which has to succeed, and gives what it prints.
func (u *user) run(name string, args ...string) string {
	u.Helper()
	command := u.command(name, args...)
	var complaints bytes.Buffer
	command.Stderr = &complaints
	printed, err := command.Output()
	if err != nil {
		u.Fatalf("%s %s: %v\n%s%s", name, strings.Join(args, " "), err, printed, &complaints)
	}
	return string(printed)
}

func (u *user) path(name string) string { return filepath.Join(u.folder, name) }

// saveFirstExample saves the README's first example as main.go.
func (u *user) saveFirstExample() {
	u.Helper()
	readme, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		u.Fatal(err)
	}
	_, code, _ := strings.Cut(string(readme), "\n```go\n")
	code, _, closed := strings.Cut(code, "\n```\n")
	if !closed {
		u.Fatal("the README has no example")
	}
	writeFile(u.T, u.path("main.go"), []byte(code+"\n"))
}
