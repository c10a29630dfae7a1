package main

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// A unit has the values of its keys, as in "Service.Type".
type unit map[string]string

func readUnit(t *testing.T) unit {
	t.Helper()
	file, err := os.Open("jobs.service")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	u, section := unit{}, ""
	for lines := bufio.NewScanner(file); lines.Scan(); {
		line := lines.Text()
		if key, value, ok := strings.Cut(line, "="); ok && line[0] != '#' {
			u[section+"."+key] = value
		} else if strings.HasPrefix(line, "[") {
			section = strings.Trim(line, "[]")
		}
	}
	return u
}

func (u unit) seconds(t *testing.T, key string) time.Duration {
	t.Helper()
	n, err := strconv.Atoi(u[key])
	if err != nil {
		t.Fatalf("%s: %v", key, err)
	}
	return time.Duration(n) * time.Second
}

func TestTheUnitWaitsLongerThanTheProgram(t *testing.T) {
	u, o := readUnit(t), options("")
	if stop := u.seconds(t, "Service.TimeoutStopSec"); stop <= o.Drain+o.Grace+o.Force {
		t.Errorf("TimeoutStopSec is %v, which is not above %v + %v + %v", stop, o.Drain, o.Grace, o.Force)
	}
	if start := u.seconds(t, "Service.TimeoutStartSec"); start <= o.StartUp {
		t.Errorf("TimeoutStartSec is %v, which is not above %v", start, o.StartUp)
	}
}

func TestTheUnitLimitsRestarts(t *testing.T) {
	u := readUnit(t)
	burst, err := strconv.Atoi(u["Unit.StartLimitBurst"])
	if err != nil {
		t.Fatal(err)
	}
	interval := u.seconds(t, "Unit.StartLimitIntervalSec")
	if quickest := time.Duration(burst) * u.seconds(t, "Service.RestartSec"); u["Service.Restart"] != "on-failure" || quickest >= interval {
		t.Errorf("%d starts take %v at least, and the limit is for %v", burst, quickest, interval)
	}
}

func TestSystemdAcceptsTheUnit(t *testing.T) {
	analyze, err := exec.LookPath("systemd-analyze")
	if err != nil {
		t.Skip("there is no systemd-analyze")
	}
	text, err := os.ReadFile("jobs.service")
	if err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable() // it has to be there
	if err != nil {
		t.Fatal(err)
	}
	installed := filepath.Join(t.TempDir(), "jobs.service")
	text = []byte(strings.Replace(string(text), "/usr/local/bin/jobs", self, 1))
	if err := os.WriteFile(installed, text, 0o600); err != nil {
		t.Fatal(err)
	}
	output, err := exec.Command(analyze, "verify", "--man=no", installed).CombinedOutput()
	if strings.Contains(string(output), filepath.Base(installed)) { // and not about another unit
		t.Errorf("%v\n%s", err, output)
	}
}
