//go:build unix

package main

import (
	"bytes"
	"flag"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/seed-3b777528/grouper/examples/internal/program"
	"github.com/seed-3b777528/grouper/health"
	"go.yaml.in/yaml/v3"
)

func TestMain(m *testing.M) { program.Main(m, ".") }

// A deployment is what the tests ask of deployment.yaml.
type deployment struct {
	Spec struct {
		Template struct {
			Spec struct {
				TerminationGracePeriodSeconds int `yaml:"terminationGracePeriodSeconds"`
				Containers                    []container
			}
		}
	}
}

type container struct {
	Ports []struct {
		Name          string
		ContainerPort string `yaml:"containerPort"`
	}
	ReadinessProbe probe  `yaml:"readinessProbe"`
	LivenessProbe  probe  `yaml:"livenessProbe"`
	StartupProbe   *probe `yaml:"startupProbe"`
	Lifecycle      *struct{}
}

type probe struct {
	HTTPGet          struct{ Path, Port string } `yaml:"httpGet"`
	PeriodSeconds    int                         `yaml:"periodSeconds"`
	FailureThreshold int                         `yaml:"failureThreshold"`
}

func readDeployment(t *testing.T) (d deployment, c container) {
	t.Helper()
	text, err := os.ReadFile("deployment.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.NewDecoder(bytes.NewReader(text)).Decode(&d); err != nil {
		t.Fatal(err)
	}
	if many := len(d.Spec.Template.Spec.Containers); many != 1 {
		t.Fatalf("%d containers", many)
	}
	return d, d.Spec.Template.Spec.Containers[0]
}

func seconds(n int) time.Duration { return time.Duration(n) * time.Second }

func TestThePodIsNotKilledBeforeTheServiceGivesUp(t *testing.T) {
	d, c := readDeployment(t)
	o := options("")
	if c.Lifecycle != nil {
		t.Error("a preStop hook takes from the same period: count it")
	}
	if pod := seconds(d.Spec.Template.Spec.TerminationGracePeriodSeconds); pod <= o.Drain+o.Grace+o.Force {
		t.Errorf("terminationGracePeriodSeconds is %v, which is not above %v + %v + %v", pod, o.Drain, o.Grace, o.Force)
	}
}

// Who asks /readyz knows of the stop while requests are still served.
func TestTheDrainIsLongerThanAProbeNeeds(t *testing.T) {
	_, c := readDeployment(t)
	needs := seconds(c.ReadinessProbe.PeriodSeconds * c.ReadinessProbe.FailureThreshold)
	if drain := options("").Drain; needs <= 0 || drain <= needs {
		t.Errorf("a probe needs %v, and the drain is %v", needs, drain)
	}
}

func TestPortsAreThoseOfTheProgram(t *testing.T) {
	_, c := readDeployment(t)
	for _, port := range c.Ports {
		if f := flag.Lookup(port.Name); f == nil || f.DefValue != ":"+port.ContainerPort {
			t.Errorf("port %s of %s", port.ContainerPort, port.Name)
		}
	}
	for _, p := range []probe{c.ReadinessProbe, c.LivenessProbe} {
		if p.HTTPGet.Port != "admin" {
			t.Errorf("%s is asked at port %s", p.HTTPGet.Path, p.HTTPGet.Port)
		}
	}
}

// Liveness does not ask for readiness: before the tree runs, only that fails.
func TestProbesAskWhatHealthAnswers(t *testing.T) {
	_, c := readDeployment(t)
	if c.StartupProbe != nil {
		t.Error("StartUp is the limit of the start")
	}
	for p, want := range map[probe]int{c.LivenessProbe: http.StatusOK, c.ReadinessProbe: http.StatusServiceUnavailable} {
		answer := httptest.NewRecorder()
		health.Handler(nil).ServeHTTP(answer, httptest.NewRequest(http.MethodGet, p.HTTPGet.Path, nil))
		if answer.Code != want {
			t.Errorf("%s of a tree that does not run: %d, want %d", p.HTTPGet.Path, answer.Code, want)
		}
	}
}

func TestProbesOfTheProgramAsItStops(t *testing.T) {
	_, c := readDeployment(t)
	child := program.Start(t, nil, "kubernetes", "-api", "localhost:0", "-admin", "localhost:0")
	address := strings.TrimSpace(child.Stderr.Await("admin server listens address="))
	child.Stderr.Await("service ready")
	probes := func(wantLive, wantReady string) {
		t.Helper()
		for p, want := range map[probe]string{c.LivenessProbe: wantLive, c.ReadinessProbe: wantReady} {
			if got := get(t, "http://"+address+p.HTTPGet.Path); got != want {
				t.Errorf("%s: %q, want %q", p.HTTPGet.Path, got, want)
			}
		}
	}
	probes("200 live", "200 ready")

	child.Signal(syscall.SIGTERM)
	child.Stderr.Await("draining")
	probes("200 live", "503 draining")

	child.Signal(syscall.SIGTERM) // who is in a hurry does not wait for the drain
	child.Exits(0)
}

func TestNothingStartsWithoutTheAdminPort(t *testing.T) {
	child := program.Start(t, nil, "kubernetes", "-api", "localhost:0", "-admin", "localhost:-1")
	child.Exits(1)
	if child.Stderr.Has("service ready") {
		t.Error("it has started")
	}
}

func get(t *testing.T, url string) string {
	t.Helper()
	response, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, _ := io.ReadAll(response.Body)
	return response.Status[:4] + strings.TrimSpace(string(body))
}
