package production

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/seed-3b777528/grouper/examples/internal/guide"
)

const root = "../.."

func page(t *testing.T) string { return guide.Read(t, root, "docs/production.md") }

func TestThePageShowsTheFiles(t *testing.T) {
	shown := guide.CheckCode(t, root, page(t), "sh", "text")
	for _, want := range []string{"kubernetes/main.go", "kubernetes/deployment.yaml", "systemd/notify.go", "systemd/jobs.service",
		"container/Dockerfile", "upgrade/upgrades.go", "grpchealth/follow.go"} {
		if !slices.Contains(shown, "examples/production/"+want) {
			t.Errorf("%s is not shown", want)
		}
	}
}

// all returns the text of all files beside this one.
func all(t *testing.T) string {
	t.Helper()
	var text strings.Builder
	paths, err := filepath.Glob("*/*")
	if err != nil || len(paths) == 0 {
		t.Fatal(err)
	}
	for _, path := range paths {
		text.WriteString(guide.Read(t, ".", path))
	}
	return text.String()
}

// section returns what is below a heading.
func section(t *testing.T, heading string) string {
	t.Helper()
	_, text, ok := strings.Cut(page(t), "\n## "+heading+"\n")
	if !ok {
		t.Fatalf("no %s", heading)
	}
	text, _, _ = strings.Cut(text, "\n## ")
	return text
}

var code = regexp.MustCompile("`([^`]+)`")

// What a trap shows is in the tests, and so is the way around it.
func TestTheTrapsAreTested(t *testing.T) {
	rows := regexp.MustCompile(`(?m)^\| .*\|$`).FindAllString(section(t, "Traps"), -1)
	if len(rows) < 2+5 {
		t.Fatalf("%d rows", len(rows))
	}
	files := all(t)
	for _, row := range rows[2:] {
		right := strings.Split(row, " | ")[2]
		for _, line := range code.FindAllStringSubmatch(right, -1) {
			if !strings.Contains(files, line[1]) {
				t.Errorf("%s is not in the files", line[1])
			}
		}
	}
}

// seconds returns a number of seconds from the options of the service that is
// deployed.
func seconds(t *testing.T, option string) int {
	t.Helper()
	value := regexp.MustCompile(option + `:\s+(?:(\d+) \* )?time\.Second,`).
		FindStringSubmatch(guide.Read(t, ".", "kubernetes/main.go"))
	if value == nil {
		t.Fatalf("no %s", option)
	}
	if value[1] == "" {
		return 1
	}
	n, _ := strconv.Atoi(value[1])
	return n
}

func TestTheTimelineHasTheNumbers(t *testing.T) {
	drain, grace, force := seconds(t, "Drain"), seconds(t, "Grace"), seconds(t, "Force")
	text := section(t, "A shutdown")
	for _, want := range []string{
		fmt.Sprintf("\n%4d s  the root gets SIGTERM", drain),
		fmt.Sprintf("\n%4d s  the stop is forced", drain+grace),
		fmt.Sprintf("\n%4d s  Main exits with 1", drain+grace+force),
		fmt.Sprintf("\n| `Drain` | %d s |", drain),
		fmt.Sprintf("\n| `Grace` | %d s |", grace),
		fmt.Sprintf("\n| `Force` | %d s |", force),
		fmt.Sprintf("0 + %d + %d + %d = %d", drain, grace, force, drain+grace+force),
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}

// The messages to alert on are those of the package service, or those that the
// tests here see.
func TestTheMessagesAreLogged(t *testing.T) {
	known := all(t)
	for _, folder := range []string{"service", "."} {
		paths, err := filepath.Glob(filepath.Join(root, folder, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range paths {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			known += string(text)
		}
	}
	messages := regexp.MustCompile("\"([a-z ]+)\"").FindAllStringSubmatch(section(t, "What to alert on"), -1)
	if len(messages) < 5 {
		t.Fatalf("%d messages", len(messages))
	}
	for _, message := range messages {
		state, isMember := strings.CutPrefix(message[1], "member ")
		if !strings.Contains(known, `"`+message[1]+`"`) && !(isMember && strings.Contains(known, `State = "`+state+`"`)) {
			t.Errorf("%q is logged by nobody", message[1])
		}
	}
}

// Each program that a command runs is there.
func TestTheCommandsRunWhatIsThere(t *testing.T) {
	commands := guide.Blocks(page(t), "sh")
	runs := regexp.MustCompile(`go (?:run|test) -C examples (\S+)`).FindAllStringSubmatch(strings.Join(commands, ""), -1)
	if len(runs) == 0 {
		t.Fatal("no commands")
	}
	for _, run := range runs {
		if _, err := os.Stat(filepath.Join(root, "examples", strings.TrimSuffix(run[1], "/..."))); err != nil {
			t.Error(err)
		}
	}
}

// The metrics to alert on are those of the example service.
func TestTheMetricsAreThoseOfTheService(t *testing.T) {
	metrics := regexp.MustCompile(`grouper_\w+`).FindAllString(section(t, "What to alert on"), -1)
	if len(metrics) == 0 {
		t.Fatal("no metrics")
	}
	known := guide.Read(t, "..", "service/metrics.go")
	for _, metric := range metrics {
		if !strings.Contains(known, `"`+metric+`"`) {
			t.Errorf("there is no %s", metric)
		}
	}
}
