//go:build unix

package main

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

func TestFailures(t *testing.T) {
	db := tempDB(t)
	other := start(t, db)
	for name, test := range map[string]struct {
		args   []string
		failed []string
	}{
		"API port in use":    {[]string{"-api", other.api}, []string{"member failed member=api", "address already in use"}},
		"admin port in use":  {[]string{"-admin", other.admin}, []string{"service failed", "admin server", "address already in use"}},
		"store in use":       {[]string{"-db", db}, []string{"member failed member=store", "in use by another process"}},
		"no place for store": {[]string{"-db", os.DevNull + "/jobs.db"}, []string{"member failed member=store", "not a directory"}},
	} {
		t.Run(name, func(t *testing.T) {
			args := []string{"-api", freeAddress(t), "-admin", freeAddress(t), "-db", tempDB(t)}
			c := launch(t, nil, append(args, test.args...)...)
			c.Exits(1)
			if !c.logs(test.failed...) {
				t.Errorf("no line of the log has %q", test.failed)
			}
		})
	}
	other.stop(syscall.SIGTERM)
}

func TestFlags(t *testing.T) {
	for flags, want := range map[string]struct {
		code int
		text string
	}{
		"-h":             {0, "Usage"},
		"-nonsense":      {2, "-nonsense"},
		"-workers 0":     {2, "invalid -workers"},
		"-workers many":  {2, "-workers"},
		"-grace -1s":     {2, "invalid -grace"},
		"-drain -1s":     {2, "invalid -drain"},
		"-patience 0s":   {2, "invalid -patience"},
		"-api nowhere":   {2, "invalid -api"},
		"-admin nowhere": {2, "invalid -admin"},
		"-demo -db x":    {2, "leave out -db"},
		"start":          {2, "unexpected argument"},
	} {
		t.Run(flags, func(t *testing.T) {
			c := launch(t, nil, strings.Fields(flags)...)
			c.Exits(want.code)
			if !c.Stderr.Has(want.text) {
				t.Errorf("%q is not in its output", want.text)
			}
		})
	}
}

func TestDefaultStore(t *testing.T) {
	for name, hasHome := range map[string]bool{"in the home": true, "without a home": false} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			home := dir
			if !hasHome {
				home = ""
			}
			c := startIn(t, []string{"HOME=" + home, "XDG_CACHE_HOME=", "TMPDIR=" + dir})
			c.stop(syscall.SIGTERM)
			var found []string
			filepath.WalkDir(dir, func(path string, _ os.DirEntry, _ error) error {
				if filepath.Base(path) == "jobs.db" {
					found = append(found, path)
				}
				return nil
			})
			if len(found) != 1 {
				t.Errorf("found %v, want one store below %s", found, dir)
			}
		})
	}
}

func TestDemo(t *testing.T) {
	dir := t.TempDir()
	c := launch(t, []string{"TMPDIR=" + dir}, "-demo")
	c.Exits(0)
	for _, want := range []string{"200 ready", "202 ", "job 2 (thumbnail 2): failed", "<- waiting", "(backup): done", "That was all"} {
		if !c.Stdout.Has(want) {
			t.Errorf("%q is not in its output", want)
		}
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("the demo left %v, %v", left, err)
	}
}
