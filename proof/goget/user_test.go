package goget

import (
	"bytes"
	"context"
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// patience is for what must happen, however slow the machine: only a failing
// test ever waits that long.
const patience = 5 * time.Minute

// A user has an empty module.
type user struct {
	*testing.T
	folder string
	env    []string
}

// newUser returns a user who gets the library from a registry, and all other
// modules from where Go would get them.
func newUser(t *testing.T) *user {
	t.Helper()
	registry, _ := publish(t)
	var own map[string]string
	if err := json.Unmarshal(goInRoot(t, "env", "-json"), &own); err != nil {
		t.Fatal(err)
	}
	u := &user{T: t, folder: t.TempDir(), env: append(os.Environ(),
		"GOPROXY=file://"+registry+","+own["GOPROXY"],
		"GONOPROXY=none",
		"GONOSUMDB="+strings.TrimPrefix(own["GONOSUMDB"]+","+library.Path, ","),
		"GOFLAGS="+strings.TrimSpace(own["GOFLAGS"]+" -modcacherw"), // so that the cache can be removed
		"GOMODCACHE="+moduleCache(t, own["GOMODCACHE"]),
		"GOWORK=off",
	)}
	u.run("go", "mod", "init", "try")
	// So Go need not ask the checksum database for 1,600 go.mod files.
	sums, err := os.ReadFile(filepath.Join(root, "go.sum"))
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, u.path("go.sum"), sums)
	return u
}

// moduleCache returns a module cache with links to everything in the machine's
// own except the library. The version under test stays here, and no later run
// finds it.
func moduleCache(t *testing.T, own string) string {
	t.Helper()
	goInRoot(t, "list", "-m", "all") // own has some 1,600 go.mod files from now on
	cache := t.TempDir()
	err := filepath.WalkDir(own, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := strings.TrimPrefix(path[len(own):], "/")
		link := filepath.Join(cache, name)
		for _, hidden := range []string{library.Path, "cache/download/" + library.Path} {
			if strings.HasPrefix(name, hidden) {
				return fs.SkipDir
			}
			if name == "" || strings.HasPrefix(hidden, name+"/") {
				return os.MkdirAll(link, 0o777)
			}
		}
		if err := os.Symlink(path, link); err != nil || !entry.IsDir() {
			return err
		}
		return fs.SkipDir
	})
	if err != nil {
		t.Fatal(err)
	}
	return cache
}

// goInRoot runs the go command in the repository, and returns what it prints.
func goInRoot(t *testing.T, args ...string) []byte {
	t.Helper()
	command := exec.Command("go", args...)
	command.Dir = root
	printed, err := command.Output()
	if err != nil {
		t.Fatalf("go %v: %v", args, err)
	}
	return printed
}

func (u *user) command(name string, args ...string) *exec.Cmd {
	ctx, cancel := context.WithTimeout(u.Context(), patience)
	u.Cleanup(cancel)
	command := exec.CommandContext(ctx, name, args...)
	command.Dir, command.Env = u.folder, u.env
	return command
}

// run runs a command, which must succeed, and returns what it prints.
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

// saveFirstExample saves the README's first example as main.go, with ports that
// are free.
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
	code = strings.NewReplacer("localhost:8080", "localhost:0", "localhost:8081", "localhost:0").Replace(code)
	writeFile(u.T, u.path("main.go"), []byte(code+"\n"))
}
