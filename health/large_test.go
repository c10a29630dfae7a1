package health_test

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/seed-3b777528/grouper"
	"github.com/tedsuo/ifrit"
)

func numbered(n int) []string {
	names := make([]string, n)
	for i := range names {
		names[i] = fmt.Sprintf("m%d", i)
	}
	return names
}

// H4: the first 100, and how many more there are in which states.
func TestOfALargeGroupTheFirst100AreDrawn(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		list, m := members(numbered(1250)...)
		exact := list[:100]
		root := grouper.NewOrdered(nil, grouper.Members{
			{Name: "exact", Runner: grouper.NewParallel(nil, exact)},
			{Name: "large", Runner: grouper.NewParallel(nil, list[100:])},
		})
		wantRows := func(last string) {
			t.Helper()
			rows := tableOf(pageOf(root))
			if len(rows) != 1+100+1+100+1 {
				t.Fatalf("%d rows", len(rows))
			}
			if !strings.HasPrefix(rows[100], "exact/m99 | ") || !strings.HasPrefix(rows[201], "large/m199 | ") || rows[202] != last {
				t.Errorf("rows 100, 201 and 202 are %q, %q and %q, want %q", rows[100], rows[201], rows[202], last)
			}
		}
		wantRows("1,050 more: 1,050 pending")

		process := ifrit.Background(root)
		for _, member := range list[:1249] {
			m[member.Name].TriggerReady()
		}
		m["m1248"].TriggerExit(errors.New("broken"))
		m["m1247"].TriggerExit(nil)
		synctest.Wait()
		wantRows("1,050 more: 1 starting, 1,047 ready, 1 exited, 1 exited with an error")
		wantContains(t, headOf(pageOf(root)), "1 exited with an error")

		for _, member := range append(list[:1247:1247], list[1249]) {
			m[member.Name].TriggerExit(nil)
		}
		<-process.Wait()
	})
}

// H3, H4: the error of a member that is not drawn is in the row of its group.
func TestErrorsOfMembersThatAreNotDrawn(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		list, m := members(numbered(101)...)
		root := grouper.NewOrdered(nil, grouper.Members{{Name: "large", Runner: grouper.NewParallel(nil, list)}})
		process := ifrit.Background(root)
		m["m100"].TriggerExit(errors.New("broken"))
		synctest.Wait()
		for _, member := range list[:100] {
			m[member.Name].TriggerExit(nil)
		}
		<-process.Wait()
		wantContains(t, tableOf(pageOf(root))[0], "m100 exited with error: broken")
	})
}

// H3, H4: members that are waited for are named even if they are not drawn.
func TestWhoIsWaitedForIsNamedAboveTheTree(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		list, m := members(numbered(500)...)
		root := grouper.NewParallel(os.Interrupt, list)
		process := ifrit.Background(root)
		for _, member := range list[:499] {
			m[member.Name].TriggerReady()
		}
		m["m499"].WaitForStart()
		synctest.Wait()
		wantContains(t, pageOf(root), "<title>starting: m499</title>", "<li><bdi>m499</bdi></li>")
		m["m499"].TriggerReady()
		<-process.Ready()
		process.Signal(os.Interrupt)
		for _, member := range list {
			m[member.Name].WaitForSignal()
		}
		wantContains(t, headOf(pageOf(root)), "stopping Waiting for m0 m1 m2 m3 m4 m5 m6 m7 m8 m9 and 490 more ")
		for _, member := range list {
			m[member.Name].TriggerExit(nil)
		}
		<-process.Wait()
	})
}

// H4: the page of 100,000 members is no larger than one that a browser is quick
// with, however they are grouped. Groups come before those below them.
func TestThePageOfALargeTreeIsSmall(t *testing.T) {
	hundred, _ := members(numbered(100)...)
	grouped := func(members grouper.Members) grouper.Members {
		groups := make(grouper.Members, 100)
		for i := range groups {
			groups[i] = grouper.Member{Name: fmt.Sprintf("g%d", i), Runner: grouper.NewParallel(os.Interrupt, members)}
		}
		return groups
	}
	flat, _ := members(numbered(100_000)...)
	for name, tree := range map[string]struct {
		members grouper.Members
		rows    int
		has     []string
	}{
		"flat": {flat, 101, []string{"m99 | pending", "99,900 more: 99,900 pending"}},
		"deep": {grouped(grouped(hundred[:10])), 100 + 19*100 + 81 + 19*100, []string{
			"g99 parallel group | pending", "g18/g99 parallel group | pending", "10 members: 10 pending", "100 members: 100 pending",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			page := pageOf(grouper.NewParallel(os.Interrupt, tree.members))
			rows := tableOf(page)
			if len(rows) != tree.rows || len(page) > 3_000_000 {
				t.Errorf("%d rows, want %d, and %d bytes", len(rows), tree.rows, len(page))
			}
			for _, has := range tree.has {
				if !slices.ContainsFunc(rows, func(row string) bool { return strings.HasPrefix(row, has) }) {
					t.Errorf("no row is %q", has)
				}
			}
		})
	}
}

// H3: a tree of any depth is drawn.
func TestADeepTreeIsDrawn(t *testing.T) {
	list, _ := members("leaf")
	root := grouper.NewParallel(os.Interrupt, list)
	for range 30 {
		root = grouper.NewParallel(os.Interrupt, grouper.Members{{Name: "in", Runner: root}})
	}
	rows := tableOf(pageOf(root))
	if want := strings.Repeat("in/", 30) + "leaf | pending"; rows[len(rows)-1] != want {
		t.Errorf("the last row is %q, want %q", rows[len(rows)-1], want)
	}
}
