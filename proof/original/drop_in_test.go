package original

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestDropIn runs the usages that this package has to keep on the original, from
// which they are.
func TestDropIn(t *testing.T) {
	file, err := os.ReadFile("../../drop_in_test.go")
	if err != nil {
		t.Fatal(err)
	}
	ours, theirs := []byte(`"github.com/seed-3b777528/grouper"`), []byte(`"github.com/tedsuo/ifrit/grouper"`)
	if bytes.Count(file, ours) != 1 {
		t.Fatal("the file does not import the package once")
	}
	path := filepath.Join(t.TempDir(), "drop_in_test.go")
	if err := os.WriteFile(path, bytes.Replace(file, ours, theirs, 1), 0o600); err != nil {
		t.Fatal(err)
	}
	command := exec.CommandContext(t.Context(), "go", "test", "-vet=off", "-run", "^TestDropIn$", "-v", path)
	output, err := command.CombinedOutput()
	if err != nil || !bytes.Contains(output, []byte("--- PASS: TestDropIn")) {
		t.Errorf("%v\n%s", err, output)
	}
}
