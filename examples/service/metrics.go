package main

import (
	"cmp"
	"net/http"
	"strings"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"github.com/seed-3b777528/grouper"
	"github.com/tedsuo/ifrit"
)

// The results of exits.
const (
	succeeded = "success"
	hadError  = "error"
)

// metrics tell Prometheus what happens in a tree.
//
// A time series lasts as long as the process, so there must not be one for each
// job. The members that the tree has before it runs are its own: each one has
// its path as the label member, and the root has "/". Members that come later
// belong to a dynamic group. They, and whatever is below them, share the label
// of that group, "workers/*", and are only counted.
type metrics struct {
	registry *prometheus.Registry
	states   map[string]grouper.State // of the tree's own members, by path

	state    *prometheus.GaugeVec
	startUp  *prometheus.GaugeVec
	starts   *prometheus.CounterVec
	exits    *prometheus.CounterVec
	restarts *prometheus.CounterVec
}

// newMetrics must be called before the root runs.
func newMetrics(root ifrit.Runner) *metrics {
	registry := prometheus.NewRegistry()
	factory := promauto.With(registry)
	gauge := func(name, help string, labels ...string) *prometheus.GaugeVec {
		return factory.NewGaugeVec(prometheus.GaugeOpts{Name: name, Help: help}, labels)
	}
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		return factory.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, labels)
	}
	m := &metrics{
		registry: registry,
		states:   make(map[string]grouper.State),
		state:    gauge("grouper_member_state", "1 for the state that the member is in, 0 for all others.", "member", "state"),
		startUp:  gauge("grouper_member_startup_seconds", "Time from the latest start until ready.", "member"),
		starts:   counter("grouper_member_starts_total", "Starts.", "member"),
		exits:    counter("grouper_member_exits_total", "Exits by result.", "member", "result"),
		restarts: counter("grouper_member_restarts_total", "Restarts by a wrapper of the member.", "member"),
	}

	m.enter("", grouper.StatePending)
	m.countFromZero("/")
	status, _ := grouper.Inspect(root)
	for path, member := range status.All() {
		m.enter(path, grouper.StatePending)
		m.countFromZero(path)
		if member.Group != nil && member.Group.Kind == grouper.KindDynamic {
			m.countFromZero(path + "/*")
			factory.NewGaugeFunc(prometheus.GaugeOpts{
				Name:        "grouper_group_members",
				Help:        "Members of a dynamic group that run.",
				ConstLabels: prometheus.Labels{"group": path},
			}, func() float64 { return float64(len(membersOf(root, path))) })
		}
	}
	return m
}

// countFromZero makes counters visible: the first increase of one that is not
// there before would be lost to rate().
func (m *metrics) countFromZero(label string) {
	m.starts.WithLabelValues(label)
	m.restarts.WithLabelValues(label)
	m.exits.WithLabelValues(label, succeeded)
	m.exits.WithLabelValues(label, hadError)
}

// membersOf asks the group: events do not tell how many members run, since one
// that a dynamic group does not start exits all the same.
func membersOf(root ifrit.Runner, group string) []grouper.MemberStatus {
	status, _ := grouper.Inspect(root)
	for path, member := range status.All() {
		if path == group {
			return member.Group.Members
		}
	}
	return nil
}

// observe is the observer of the root.
func (m *metrics) observe(event grouper.Event) {
	label, own := m.label(event.Path)
	switch {
	case event.Run > 1 && event.State == grouper.StateStarting:
		m.restarts.WithLabelValues(label).Inc()
	case event.Run > 0: // the wrapper decides what it means for the member
	case event.State == grouper.StateStarting:
		m.starts.WithLabelValues(label).Inc()
	case event.State == grouper.StateExited:
		m.exits.WithLabelValues(label, resultOf(event.Err)).Inc()
	}
	if own && event.Run == 0 {
		m.enterWith(event)
	}
}

// label returns the label of a member, and whether the member has it to itself.
func (m *metrics) label(path string) (label string, own bool) {
	if _, own := m.states[path]; own {
		return cmp.Or(path, "/"), true
	}
	for group := path; group != ""; {
		group = group[:max(0, strings.LastIndexByte(group, '/'))]
		if _, own := m.states[group]; own {
			return group + "/*", false
		}
	}
	return "/*", false
}

func (m *metrics) enterWith(event grouper.Event) {
	if event.State == grouper.StateReady {
		if m.states[event.Path] == grouper.StateStopping {
			return // ready too late: it is stopping all the same
		}
		m.startUp.WithLabelValues(cmp.Or(event.Path, "/")).Set(event.After.Seconds())
	}
	m.enter(event.Path, event.State)
}

func (m *metrics) enter(path string, entered grouper.State) {
	m.states[path] = entered
	for _, state := range []grouper.State{
		grouper.StatePending, grouper.StateStarting, grouper.StateReady,
		grouper.StateFailed, grouper.StateStopping, grouper.StateExited,
	} {
		value := 0.0
		if state == entered {
			value = 1
		}
		m.state.WithLabelValues(cmp.Or(path, "/"), string(state)).Set(value)
	}
}

func resultOf(err error) string {
	if err != nil {
		return hadError
	}
	return succeeded
}

func (m *metrics) handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{}))
	return mux
}
