package main

// How a version of the service has a feature.
const (
	no      = "no"
	byHand  = "by hand"
	builtIn = "**built in**"
)

// A library is one that the service is written with.
type library struct {
	name   string // as people know it
	folder string // of its version, and the name of the program
	has    map[feature]string
}

// A feature is what the tests hold each version to that has it.
type feature string

const (
	startOrder   feature = "starts each part when those before it are ready"
	stopOrder    feature = "stops them in reverse; requests under way end"
	earlySignal  feature = "a signal during the start stops what has started"
	failure      feature = "a part that fails stops the rest"
	restarts     feature = "restarts with a back-off"
	logs         feature = "logs each start, readiness, stop and exit, with durations"
	probes       feature = "`/livez`, and `/readyz`, which sees a restart, beside `/metrics`"
	status       feature = "`/status`"
	drain        feature = "drains before it stops"
	deadline     feature = "a deadline that names the culprits"
	secondSignal feature = "a second signal that ends it, and names them"
	stacks       feature = "the stacks of the culprits"
)

var features = []feature{startOrder, stopOrder, earlySignal, failure, restarts, logs, probes, status, drain, deadline, secondSignal, stacks}

// Everything else is written by hand, but for the stacks.
var libraries = []library{
	{"grouper", "grouper", map[feature]string{
		startOrder: builtIn, stopOrder: builtIn, earlySignal: builtIn, failure: builtIn, restarts: builtIn, logs: builtIn,
		probes: builtIn, status: builtIn, drain: builtIn, deadline: builtIn, secondSignal: builtIn, stacks: builtIn,
	}},
	{"oklog/run", "oklog", map[feature]string{stopOrder: builtIn, earlySignal: builtIn, failure: builtIn, stacks: no}},
	{"errgroup", "errgroup", map[feature]string{failure: builtIn, stacks: no}},
	{"suture", "suture", map[feature]string{restarts: builtIn, stacks: no}},
	{"fx", "fx", map[feature]string{startOrder: builtIn, stopOrder: builtIn, stacks: no}},
	{"dskit", "dskit", map[feature]string{startOrder: builtIn, stopOrder: builtIn, failure: builtIn, stacks: no}},
}
