package container

import (
	"encoding/json"
	"os"
	"regexp"
	"testing"
)

func instruction(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile("Dockerfile")
	if err != nil {
		t.Fatal(err)
	}
	all := regexp.MustCompile(`(?m)^`+name+` (.*)$`).FindAllStringSubmatch(string(text), -1)
	if len(all) != 1 {
		t.Fatalf("%d times %s", len(all), name)
	}
	return all[0][1]
}

func TestTheEntrypointIsInExecForm(t *testing.T) {
	var command []string
	if err := json.Unmarshal([]byte(instruction(t, "ENTRYPOINT")), &command); err != nil {
		t.Fatal("a shell would be PID 1:", err)
	}
	if want := []string{"/jobs"}; len(command) != 1 || command[0] != want[0] {
		t.Errorf("%q, want %q", command, want)
	}
}

// What the image is built of is there, and is what the tests run.
func TestTheImageHasTheProgram(t *testing.T) {
	want := "CGO_ENABLED=0 go build -C examples -o /jobs ./production/kubernetes"
	if got := instruction(t, "RUN"); got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
