package health_test

import (
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/seed-3b777528/grouper"
	"github.com/tedsuo/ifrit"
)

var rectangle = regexp.MustCompile(`<rect class="(\w+)" x="([\d.]+)%" width="([\d.]+)%"`)

// H3: the bars are on one line of time, from the root's start to now or exit.
func TestTheTimelineHasABarForEachMember(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		list, m := members("store", "api")
		root := grouper.NewOrdered(os.Interrupt, list)
		process := ifrit.Background(root)
		wantBars := func(want ...string) {
			t.Helper()
			var got []string
			for _, match := range rectangle.FindAllStringSubmatch(pageOf(root), -1) {
				got = append(got, strings.Join(match[1:], " "))
			}
			if strings.Join(got, "\n") != strings.Join(want, "\n") {
				t.Errorf("the bars are %q, want %q", got, want)
			}
		}
		m["store"].WaitForStart()
		time.Sleep(10 * time.Second)
		m["store"].TriggerReady()
		m["api"].WaitForStart()
		time.Sleep(10 * time.Second)
		wantBars("starting 0.00 50.00", "ready 50.00 50.00", "starting 50.00 50.00")

		m["api"].TriggerReady()
		time.Sleep(60 * time.Second)
		process.Signal(os.Interrupt)
		m["api"].WaitForSignal()
		time.Sleep(20 * time.Second)
		wantBars("starting 0.00 10.00", "ready 10.00 90.00",
			"starting 10.00 10.00", "ready 20.00 60.00", "stopping 80.00 20.00")

		m["api"].TriggerExit(nil)
		m["store"].WaitForSignal()
		m["store"].TriggerExit(nil)
		<-process.Wait()
		time.Sleep(time.Hour)
		wantBars("starting 0.00 10.00", "ready 10.00 90.00", "stopping 99.50 0.50", // never too thin to be seen
			"starting 10.00 10.00", "ready 20.00 60.00", "stopping 80.00 20.00")
		page := pageOf(root)
		wantContains(t, page, ">start<", ">exit after 1m40s<")
		wantNotContains(t, page, ">now<")
	})
}

// H3: a member that is signaled while it starts is stopping from then on (I2),
// even if it becomes ready later.
func TestTheTimelineOfAMemberThatIsReadyTooLate(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		list, m := members("api")
		root := grouper.NewParallel(os.Interrupt, list)
		process := ifrit.Background(root)
		m["api"].WaitForStart()
		time.Sleep(10 * time.Second)
		process.Signal(os.Interrupt)
		m["api"].WaitForSignal()
		time.Sleep(10 * time.Second)
		m["api"].TriggerReady()
		time.Sleep(20 * time.Second)
		wantTable(t, root, "api | stopping waiting | 30s | starting 10s, stopping 30s")
		m["api"].TriggerExit(nil)
		<-process.Wait()
	})
}

// H3: ages have no more digits than anybody reads.
func TestAgesAreShort(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		list, m := members("api")
		root := grouper.NewParallel(os.Interrupt, list)
		process := ifrit.Background(root)
		m["api"].TriggerReady()
		<-process.Ready()
		passed := time.Duration(0)
		for _, age := range []struct {
			after time.Duration
			text  string
		}{
			{0, "0s"},
			{12345678, "12ms"},
			{1234567890, "1.2s"},
			{59400 * time.Millisecond, "59s"},
			{61 * time.Second, "1m1s"},
			{80*time.Minute + 31*time.Second, "1h21m"},
			{47 * time.Hour, "47h0m"},
			{76 * time.Hour, "3d4h"},
		} {
			time.Sleep(age.after - passed)
			passed = age.after
			wantTable(t, root, "api | ready | "+age.text+" | starting 0s, ready "+age.text)
		}
		m["api"].TriggerExit(nil)
		<-process.Wait()
	})
}
