package goget

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/mod/module"
	"golang.org/x/mod/zip"
)

var library = module.Version{Path: "github.com/seed-3b777528/grouper", Version: "v0.1.0"}

const root = "../.." // of the repository

// A tracked file is one in git.
type tracked string

func (f tracked) Path() string                 { return string(f) }
func (f tracked) Lstat() (os.FileInfo, error)  { return os.Lstat(filepath.Join(root, string(f))) }
func (f tracked) Open() (io.ReadCloser, error) { return os.Open(filepath.Join(root, string(f))) }

// trackedFiles returns the files of a checkout, as they are now.
func trackedFiles(t *testing.T) (files []zip.File) {
	t.Helper()
	listed, err := exec.Command("git", "-C", root, "ls-files", "-z").Output()
	if err != nil {
		t.Fatalf("git: %v", err)
	}
	for path := range strings.SplitSeq(strings.TrimSuffix(string(listed), "\x00"), "\x00") {
		files = append(files, tracked(path))
	}
	return files
}

// publish makes the module's zip, and returns a folder that is a registry with
// nothing but one version of the module in it.
func publish(t *testing.T) (registry string, zipped []byte) {
	t.Helper()
	var contents bytes.Buffer
	if err := zip.Create(&contents, library, trackedFiles(t)); err != nil {
		t.Fatal(err)
	}
	mod, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	info, err := json.Marshal(map[string]string{"Version": library.Version})
	if err != nil {
		t.Fatal(err)
	}
	registry = t.TempDir()
	versions := filepath.Join(registry, filepath.FromSlash(library.Path), "@v")
	writeFile(t, filepath.Join(versions, "list"), []byte(library.Version+"\n"))
	for suffix, content := range map[string][]byte{".info": info, ".mod": mod, ".zip": contents.Bytes()} {
		writeFile(t, filepath.Join(versions, library.Version+suffix), content)
	}
	return registry, contents.Bytes()
}

func writeFile(t *testing.T, path string, content []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, content, 0o666); err != nil {
		t.Fatal(err)
	}
}
