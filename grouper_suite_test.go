package grouper_test

import (
	"flag"
	"os"
	"os/exec"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

const (
	interrupt = syscall.SIGINT
	terminate = syscall.SIGTERM
	hangUp    = syscall.SIGHUP
)

// forever is longer than anything takes, however slow the machine.
const forever = 5 * time.Minute

// suite is the T that testing/synctest needs.
var suite *testing.T

func TestGrouper(t *testing.T) {
	if flag.Lookup("test.count").Value.String() != "1" {
		runInChild(t)
		return
	}
	suite = t
	RegisterFailHandler(Fail)
	RunSpecs(t, "grouper")
}

// runInChild is for go test -count: Ginkgo runs a suite only once per process,
// so each run needs its own.
func runInChild(t *testing.T) {
	output, err := child("^TestGrouper$").CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
}

// child is this test binary, to run some of its tests.
func child(tests string) *exec.Cmd {
	command := exec.Command(os.Args[0], "-test.run="+tests, "-test.timeout="+forever.String())
	command.Env = os.Environ()
	return command
}

// bubble makes a spec run in a bubble of testing/synctest, where settle waits
// until nothing happens any more. A bubble ends only when all its goroutines
// have ended: each spec in one shows that its groups leave none behind (G9).
func bubble(body func()) func() {
	return func() {
		synctest.Test(suite, func(*testing.T) {
			defer GinkgoRecover()
			body()
		})
	}
}

func settle() { synctest.Wait() }
