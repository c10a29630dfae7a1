package grouper_test

import (
	"fmt"
	"os"
	"runtime"
	"testing"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/seed-3b777528/grouper"
	"github.com/seed-3b777528/grouper/fakes"
	"github.com/tedsuo/ifrit"
)

var _ = Describe("A member's process", func() {
	Describe("G8: of a member that ends its goroutine with runtime.Goexit", func() {
		for _, quit := range []struct {
			how string
			run func()
		}{
			{"exits with an error that says so", runtime.Goexit},
			{"exits so too when that ends a panic", func() {
				defer runtime.Goexit()
				panic("dropped by Goexit")
			}},
		} {
			It(quit.how, bubble(func() {
				leave := make(chan struct{})
				process, group := startMember(ifrit.RunFunc(func(<-chan os.Signal, chan<- struct{}) error {
					<-leave
					quit.run()
					return nil
				}))
				close(leave)
				settle()
				Expect(process.Wait()).To(Receive(MatchError(ContainSubstring("runtime.Goexit"))))
				group.end()
			}))
		}
	})

	forEach(allKinds, func(kind kind) {
		It("G8: lets a panic end the program with the member's own stack", func() {
			command := child("^TestPanicInChild$")
			command.Env = append(command.Env, panicVariable+"="+kind.name)
			output, err := command.CombinedOutput()
			Expect(err).To(HaveOccurred())
			Expect(string(output)).To(And(
				MatchRegexp(`(?m)^panic: the member's own panic( \[|$)`),
				ContainSubstring("grouper_test.panicker("),
				Not(ContainSubstring("recovered")),
				Not(ContainSubstring("the program went on")),
			))
		})
	})
})

// panicVariable names the kind of group in which a member of the child panics.
const panicVariable = "GROUPER_TEST_PANIC"

// TestPanicInChild takes its process down.
func TestPanicInChild(t *testing.T) {
	name := os.Getenv(panicVariable)
	if name == "" {
		t.Skip("runs in child processes of the specs")
	}
	for _, kind := range allKinds {
		if kind.name == name {
			group := kind.group(terminate, grouper.Members{{"panicker", ifrit.RunFunc(panicker)}, {"calm", fakes.NewRunner()}})
			<-ifrit.Invoke(group).Wait()
		}
	}
	fmt.Println("the program went on")
}

func panicker(<-chan os.Signal, chan<- struct{}) error {
	panic("the member's own panic")
}
