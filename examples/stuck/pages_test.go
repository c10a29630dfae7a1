package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

const root = "../.."

func keptFiles(t *testing.T) map[string]string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(root, kept, "*"))
	if err != nil {
		t.Fatal(err)
	}
	texts := make(map[string]string)
	for _, file := range files {
		texts[filepath.Base(file)] = read(t, file)
	}
	return texts
}

func TestThePagesShowWhatIsKept(t *testing.T) {
	files := keptFiles(t)
	for _, page := range pages {
		text := read(t, root, page)
		for _, shown := range block.FindAllStringSubmatch(text, -1) {
			if want, ok := files[shown[2]]; !ok || shown[3] != want {
				t.Errorf("%s shows another %s than %s has", page, shown[2], kept)
			}
		}
		if shown, named := len(block.FindAllString(text, -1)), strings.Count(text, "<!-- seen:"); shown != named {
			t.Errorf("%s names %d files, and shows %d", page, named, shown)
		}
	}
}

func TestThePageShowsAll(t *testing.T) {
	page := read(t, root, "docs/inside.md")
	files := keptFiles(t)
	for _, name := range []string{"tree.txt", "goroutines.txt", "traceback.txt", "tags.txt", "trace.svg"} {
		if _, ok := files[name]; !ok {
			t.Errorf("%s has no %s", kept, name)
		}
		if !strings.Contains(page, "<!-- seen: "+name+" -->") && !strings.Contains(page, "](../"+kept+"/"+name+")") {
			t.Errorf("docs/inside.md does not show %s", name)
		}
		delete(files, name)
	}
	for name := range files {
		t.Errorf("%s has %s, of which this program knows nothing", kept, name)
	}
}

func TestTheREADMEShowsThePicture(t *testing.T) {
	if !strings.Contains(read(t, root, "README.md"), "]("+kept+"/trace.svg)") {
		t.Error("it does not")
	}
}

// TestTheCodeOfThePageCompiles puts each piece of code into a function of this
// program.
func TestTheCodeOfThePageCompiles(t *testing.T) {
	pieces := regexp.MustCompile("(?s)```go\n(.*?)```").FindAllStringSubmatch(read(t, root, "docs/inside.md"), -1)
	if len(pieces) == 0 {
		t.Fatal("there is none")
	}
	code := `package main
import (
	"fmt"
	"net/http"
	"os"
	"os/signal"
	"runtime/trace"
	"syscall"
	"time"
	"github.com/seed-3b777528/grouper"
	"github.com/tedsuo/ifrit"
)
func _(service ifrit.Runner, mux *http.ServeMux, recorder *trace.FlightRecorder) error {
`
	for _, piece := range pieces {
		code += "{\n" + piece[1] + "}\n"
	}
	code += "return nil\n}\n"

	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	file, overlay := filepath.Join(t.TempDir(), "page.go"), filepath.Join(t.TempDir(), "overlay.json")
	replaced, err := json.Marshal(map[string]any{"Replace": map[string]string{filepath.Join(here, "page_unix.go"): file}})
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{file: code, overlay: string(replaced)} {
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if output, err := exec.Command("go", "vet", "-overlay", overlay, ".").CombinedOutput(); err != nil {
		t.Errorf("%v:\n%s\n%s", err, output, code)
	}
}
