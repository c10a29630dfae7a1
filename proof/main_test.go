package proof

import (
	"os"
	"testing"

	"go.uber.org/goleak"
)

// TestMain looks for goroutines that are left after all tests. The original
// leaves many, and so it has a process of its own.
func TestMain(m *testing.M) {
	if os.Getenv(inChild) != "" {
		os.Exit(m.Run())
	}
	goleak.VerifyTestMain(m)
}

const inChild = "GROUPER_PROOF_CHILD"
