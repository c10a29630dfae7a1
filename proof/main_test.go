package proof

import (
	"os"
	"testing"

	"go.uber.org/goleak"
)

// TestMain checks that no goroutines are left after all tests. The original
// leaves many, so it runs in a process of its own.
func TestMain(m *testing.M) {
	if os.Getenv(inChild) != "" {
		os.Exit(m.Run())
	}
	goleak.VerifyTestMain(m)
}

const inChild = "GROUPER_PROOF_CHILD"
