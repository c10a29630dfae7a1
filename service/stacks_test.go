package service

import (
	"context"
	"os"
	"strings"
	"testing"

	"github.com/seed-3b777528/grouper"
	"github.com/tedsuo/ifrit"
)

// T6: the stacks are those of the members that are waited for, and of what is
// below them.
func TestStacksOfTheCulpritsOnly(t *testing.T) {
	root := tree(
		grouper.Member{Name: "a", Runner: grouper.ContextFunc(blockedInA)},
		grouper.Member{Name: "ab", Runner: grouper.ContextFunc(blockedInB)},
	)
	process := ifrit.Invoke(root)
	stacks := stacksOf([]string{"a"})
	if !strings.Contains(stacks, "blockedInA") || strings.Contains(stacks, "blockedInB") {
		t.Errorf("the stacks of a:\n%s", stacks)
	}
	if stacks := stacksOf(nil); stacks != "" {
		t.Errorf("the stacks of nobody:\n%s", stacks)
	}
	process.Signal(os.Interrupt)
	<-process.Wait()
}

func blockedInA(ctx context.Context, ready func()) error { ready(); <-ctx.Done(); return nil }
func blockedInB(ctx context.Context, ready func()) error { ready(); <-ctx.Done(); return nil }
