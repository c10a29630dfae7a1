package health_test

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net/http"
	"os"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-3b777528/grouper"
	"github.com/seed-3b777528/grouper/fakes"
	"github.com/tedsuo/ifrit"
)

// H3: states, ages, signals, errors, who is waited for, and a bar for each
// member from its start to now or to its exit.
func TestThePageDrawsTheTree(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		servers, m := members("api", "admin")
		list, s := members("store")
		list = append(list, grouper.Member{Name: "servers", Runner: grouper.NewParallel(os.Interrupt, servers)})
		root := grouper.NewOrdered(os.Interrupt, list)
		wantTable(t, root,
			"store | pending", "servers parallel group | pending", "servers/api | pending", "servers/admin | pending")

		process := ifrit.Background(root)
		s["store"].WaitForStart()
		time.Sleep(2 * time.Second)
		wantTable(t, root,
			"store | starting waiting | 2s | starting 2s",
			"servers parallel group | pending", "servers/api | pending", "servers/admin | pending")

		s["store"].TriggerReady()
		m["api"].WaitForStart()
		m["admin"].TriggerReady()
		time.Sleep(time.Second)
		wantTable(t, root,
			"store | ready | 1s | starting 2s, ready 1s",
			"servers parallel group | starting | 1s | starting 1s",
			"servers/api | starting waiting | 1s | starting 1s",
			"servers/admin | ready | 1s | starting 0s, ready 1s")

		m["api"].TriggerReady()
		time.Sleep(time.Minute)
		process.Signal(syscall.SIGTERM)
		m["api"].WaitForSignal()
		m["admin"].WaitForSignal()
		m["admin"].TriggerExit(errors.New("port <8080>\nis lost"))
		time.Sleep(1500 * time.Millisecond)
		if head := headOf(pageOf(root)); head != "stopping Waiting for servers/api ordered group, signal: terminated "+
			"stopping for 1.5s members: 1 ready, 2 stopping, 1 exited with an error" {
			t.Errorf("above the table is %q", head)
		}
		wantTable(t, root,
			"store | ready | 1m3s | starting 2s, ready 1m3s",
			"servers parallel group, signal: terminated | stopping | 1.5s | starting 1s, ready 1m0s, stopping 1.5s",
			"servers/api | stopping waiting | 1.5s | starting 1s, ready 1m0s, stopping 1.5s",
			"servers/admin | exited | 1.5s | starting 0s, ready 1m1s, stopping 0s | error: port <8080> is lost")

		m["api"].TriggerExit(nil)
		s["store"].WaitForSignal()
		s["store"].TriggerExit(nil)
		<-process.Wait()
		time.Sleep(time.Hour)
		wantTable(t, root, // the bars end with the exits, and a group does not repeat the errors of its members
			"store | exited | 1h0m | starting 2s, ready 1m3s, stopping 0s",
			"servers parallel group, signal: terminated | exited | 1h0m | starting 1s, ready 1m0s, stopping 1.5s",
			"servers/api | exited | 1h0m | starting 1s, ready 1m0s, stopping 1.5s",
			"servers/admin | exited | 1h0m | starting 0s, ready 1m1s, stopping 0s | error: port <8080> is lost")
	})
}

// H3: restarts, with the last error while what is inside is down. A member that
// waits to be restarted is waited for.
func TestThePageDrawsRestarts(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		list, m := members("broker")
		again := make(chan struct{})
		list[0].Runner = restarting(list[0].Runner, again)
		root := grouper.NewOrdered(os.Interrupt, list)
		process := ifrit.Background(root)
		m["broker"].TriggerReady()
		<-process.Ready()
		time.Sleep(time.Second)
		wantTable(t, root, "broker | ready | 1s | starting 0s, ready 1s")

		m["broker"].TriggerExit(errors.New("connection refused"))
		time.Sleep(2 * time.Second)
		wantTable(t, root, "broker | ready waiting | 3s | starting 0s, ready 3s | down 2s after 1 run: connection refused")
		wantContains(t, headOf(pageOf(root)), "not ready Waiting for broker ")
		wantContains(t, headOf(pageOf(root)), " ready for 3s members: 1 down")

		again <- struct{}{}
		m["broker"].TriggerReady()
		time.Sleep(time.Second)
		wantTable(t, root, "broker | ready | 4s | starting 0s, ready 4s | run 2 ready 1s")

		close(again)
		process.Signal(os.Interrupt)
		m["broker"].WaitForSignal()
		m["broker"].TriggerExit(nil)
		<-process.Wait()
	})
}

// H3: members of dynamic groups come and go.
func TestThePageDrawsDynamicGroups(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		jobs := grouper.NewDynamic(os.Interrupt, 0, 0)
		root := grouper.NewParallel(os.Interrupt, grouper.Members{{Name: "jobs", Runner: jobs}})
		process := ifrit.Background(root)
		<-process.Ready()
		wantTable(t, root, "jobs dynamic group | ready | 0s | starting 0s, ready 0s")
		job := fakes.NewRunner()
		jobs.Client().Inserter() <- grouper.Member{Name: "job 1", Runner: job}
		job.TriggerReady()
		jobs.Client().Close()
		synctest.Wait()
		wantTable(t, root,
			"jobs dynamic group, closed | ready | 0s | starting 0s, ready 0s",
			"jobs/job 1 | ready | 0s | starting 0s, ready 0s")
		job.TriggerExit(nil)
		<-process.Wait()
	})
}

var inline = regexp.MustCompile(`(?s)<(style|script)>(.*?)</(?:style|script)>`)

// H3: it loads nothing, and its policy allows exactly its own script, its own
// style, and questions to its own service.
func TestThePageAllowsNothingButItself(t *testing.T) {
	list, _ := members("api")
	answer := ask(grouper.NewParallel(os.Interrupt, list), http.MethodGet, "/status", browser)
	page, policy := answer.Body.String(), answer.Header().Get("Content-Security-Policy")
	want := "default-src 'none'; script-src 'sha256-SCRIPT'; style-src 'sha256-STYLE'; connect-src 'self'; " +
		"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
	found := inline.FindAllStringSubmatch(page, -1)
	if len(found) != 2 {
		t.Fatalf("%d scripts and styles", len(found))
	}
	for _, match := range found {
		sum := sha256.Sum256([]byte(match[2]))
		want = strings.Replace(want, strings.ToUpper(match[1]), base64.StdEncoding.EncodeToString(sum[:]), 1)
	}
	if policy != want {
		t.Errorf("the policy is\n%s\nwant\n%s", policy, want)
	}
	wantNotContains(t, page, "http:", "https:", "src=", "href=", "url(", "@import", "style=", "ZgotmplZ")
}

// H3: without JavaScript the page is complete, and says how to get a newer one.
func TestThePageIsReadableWithoutJavaScript(t *testing.T) {
	list, _ := members("api")
	page := pageOf(grouper.NewParallel(os.Interrupt, list))
	wantContains(t, page, "<noscript>", "reload it for a newer picture", "Seen at ", "<h1>pending</h1>", "<bdi>api</bdi>")
}
