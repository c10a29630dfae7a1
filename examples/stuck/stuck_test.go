package main

import (
	"encoding/xml"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/seed-3b777528/grouper/examples/internal/program"
)

// The tests run the program as it is: in a test's binary the functions of
// package main have other names.
func TestMain(m *testing.M) { program.Main(m, ".") }

// oldPage shows a tree.
const oldPage = "<!-- seen: tree.txt -->\n```text\nold\n```\n"

// runProgram runs the program, and returns what it has printed, the root of a
// repository with old pages that it was given, and the folder of its temporary
// files.
func runProgram(t *testing.T, arguments ...string) (printed, repository, scratch string) {
	t.Helper()
	repository = t.TempDir()
	old := fstest.MapFS{kept: {Mode: fs.ModeDir}}
	for _, page := range pages {
		old[page] = &fstest.MapFile{Data: []byte(oldPage)}
	}
	if err := os.CopyFS(repository, old); err != nil {
		t.Fatal(err)
	}
	// Not in that of the test: the names of sockets must not be long.
	scratch, err := os.MkdirTemp("", "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(scratch) })
	c := program.Start(t, []string{"TMPDIR=" + scratch}, "stuck", append([]string{"-root", repository}, arguments...)...)
	c.Exits(0)
	return c.Stdout.String(), repository, scratch
}

func read(t *testing.T, path ...string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(path...))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestAllThatIsSeenLeadsToTheStuckMember(t *testing.T) {
	printed, repository, scratch := runProgram(t, "-write")

	want := map[string]string{
		"tree.txt":       `(?m)^    ├── api +stopping +\S+ +<- waiting$`,
		"goroutines.txt": `# labels: \{"grouper.member":"servers/api"\}\n#  main\.\(\*printer\)\.print +service\.go:\d+\n`,
		"traceback.txt":  `labels:\{"grouper.member": "servers/api"\}\]:\nmain\.\(\*printer\)\.print\(`,
		"tags.txt":       `(?m)^ grouper\.member: Total (.*\n)*.* workers/resize$`,
	}
	if strings.HasPrefix(runtime.Version(), "go1.25") {
		delete(want, "traceback.txt")
	}
	for name, pattern := range want {
		text := read(t, repository, kept, name)
		if !regexp.MustCompile(pattern).MatchString(text) {
			t.Errorf("%s does not match %s:\n%s", name, pattern, text)
		}
		if !strings.Contains(printed, text) {
			t.Errorf("%s was not printed:\n%s", name, printed)
		}
	}
	tree := read(t, repository, kept, "tree.txt")
	if strings.Count(tree, "<- waiting") != 1 {
		t.Errorf("not one member is waited for:\n%s", tree)
	}
	for _, page := range pages {
		if renewed := read(t, repository, page); renewed != strings.Replace(oldPage, "old\n", tree, 1) {
			t.Errorf("%s shows:\n%s", page, renewed)
		}
	}
	noPlaces(t, repository, scratch)
}

func TestNothingIsKeptWithoutTheFlag(t *testing.T) {
	printed, repository, _ := runProgram(t)
	if !strings.Contains(printed, "<- waiting\n") {
		t.Errorf("it has printed:\n%s", printed)
	}
	if files, err := filepath.Glob(filepath.Join(repository, kept, "*")); err != nil || len(files) != 0 {
		t.Errorf("it has written %q, %v", files, err)
	}
	for _, page := range pages {
		if text := read(t, repository, page); text != oldPage {
			t.Errorf("%s shows:\n%s", page, text)
		}
	}
}

// noPlaces checks that what is kept tells nothing of the machine.
func noPlaces(t *testing.T, repository, scratch string) {
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(repository, kept, "*"))
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	places := regexp.MustCompile(`0x|\bsrc/|` + strings.Join([]string{
		regexp.QuoteMeta(here), regexp.QuoteMeta(repository), regexp.QuoteMeta(scratch), regexp.QuoteMeta(os.TempDir() + "/"),
	}, "|"))
	for _, file := range files {
		if found := places.FindString(read(t, file)); found != "" {
			t.Errorf("%s has %q in it", file, found)
		}
	}
}

// A picture is what the test reads of trace.svg.
type picture struct {
	Looked []pictureMark `xml:"path"`
	Lanes  []struct {
		Path  string        `xml:"id,attr"`
		Marks []pictureMark `xml:"path"`
	} `xml:"g"`
}

type pictureMark struct {
	Class string `xml:"class,attr"`
	Title string `xml:"title"`
}

func TestThePictureHasALaneForEachMember(t *testing.T) {
	printed, repository, scratch := runProgram(t, "-write")
	var p picture
	if err := xml.Unmarshal([]byte(read(t, repository, kept, "trace.svg")), &p); err != nil {
		t.Fatal(err)
	}
	var lanes []string
	for _, lane := range p.Lanes {
		lanes = append(lanes, lane.Path)
		var marks []string
		for _, mark := range lane.Marks {
			marks = append(marks, strings.TrimSuffix(mark.Class, " mark"))
		}
		if !slices.Equal(marks, []string{"ready", "signal", "exit"}) {
			t.Errorf("%s has the marks %q", lane.Path, marks)
		}
	}
	want := []string{"store", "workers", "workers/index", "workers/mail", "workers/resize", "servers", "servers/api", "servers/health"}
	if !slices.Equal(lanes, want) {
		t.Errorf("lanes are %q, want %q", lanes, want)
	}

	traces, err := filepath.Glob(filepath.Join(scratch, "stuck*", "trace.out"))
	if err != nil || len(traces) != 1 || !strings.Contains(printed, filepath.Dir(traces[0])) {
		t.Fatalf("traces are %q, %v; printed:\n%s", traces, err, printed)
	}
	onlyTheStuckMemberOutlastsTheLook(t, traces[0], want)
}

func onlyTheStuckMemberOutlastsTheLook(t *testing.T, file string, order []string) {
	traced, err := readTimeline(file, order)
	if err != nil {
		t.Fatal(err)
	}
	if traced.looked == 0 {
		t.Fatal("the trace does not tell when the program looked at itself")
	}
	var signaled, exited []string
	for _, lane := range traced.lanes {
		for _, mark := range lane.marks {
			switch {
			case mark.at > traced.looked:
			case mark.category == "signal":
				signaled = append(signaled, lane.path)
			case mark.category == "exit":
				exited = append(exited, lane.path)
			}
		}
	}
	if want := []string{"servers", "servers/api", "servers/health"}; !slices.Equal(signaled, want) {
		t.Errorf("by the time of the look %q were signaled, want %q", signaled, want)
	}
	if want := []string{"servers/health"}; !slices.Equal(exited, want) {
		t.Errorf("by the time of the look %q had exited, want %q", exited, want)
	}
}

func TestTheStacksOfOneMemberAreFound(t *testing.T) {
	const profile = `goroutine profile: total 3
1 @ 0x1 0x2
# labels: {"grouper.member":"a/b"}
#	0x1	main.work+0x24	/some where/x/work.go:7
#	0x2	main.start+0x8	/some where/x/start.go:9

1 @ 0x1
# labels: {"grouper.member":"a/bc"}
#	0x1	main.work+0x24	/x/work.go:7

1 @ 0x1
# labels: {"grouper.member":"a/b"}
#	0x1	other.work+0x24	/x/main.go:7
`
	want := `1 @ ...
# labels: {"grouper.member":"a/b"}
#  main.work   work.go:7
#  main.start  start.go:9
`
	if got := labeled(strings.TrimPrefix(profile, "goroutine profile: total 3\n"), "a/b"); got != want {
		t.Errorf("found:\n%swant:\n%s", got, want)
	}
}
