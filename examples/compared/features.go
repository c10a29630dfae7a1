// Compared prints how many lines of glue a production-like service takes with
// each of six libraries, and what is built in, as a table in Markdown.
package main

// The libraries, by the folders of the service's versions.
var libraries = []string{"grouper", "oklog", "errgroup", "suture", "fx", "dskit"}

// How a version of the service has a feature.
const (
	no      = "no"
	byHand  = "by hand"
	builtIn = "built in"
)

// A feature is what the tests hold each version to that claims to have it.
type feature struct {
	name string
	has  map[string]string // by library
}

var (
	startOrder = feature{"starts each part when those before it are ready", map[string]string{
		"grouper": builtIn, "oklog": byHand, "errgroup": byHand, "suture": byHand, "fx": builtIn, "dskit": builtIn}}
	stopOrder = feature{"stops in reverse, and ends the requests under way", map[string]string{
		"grouper": builtIn, "oklog": builtIn, "errgroup": byHand, "suture": byHand, "fx": builtIn, "dskit": builtIn}}
	failure = feature{"stops the rest when a part fails, and says why", map[string]string{
		"grouper": builtIn, "oklog": builtIn, "errgroup": builtIn, "suture": byHand, "fx": byHand, "dskit": byHand}}
	restart = feature{"restarts with a back-off", map[string]string{
		"grouper": builtIn, "oklog": byHand, "errgroup": byHand, "suture": builtIn, "fx": byHand, "dskit": byHand}}
	logs = feature{"logs start, readiness, stop and exit, with durations", map[string]string{
		"grouper": builtIn, "oklog": byHand, "errgroup": byHand, "suture": byHand, "fx": byHand, "dskit": byHand}}
	probes = feature{"`/livez` and `/readyz`, which sees a restart", map[string]string{
		"grouper": builtIn, "oklog": byHand, "errgroup": byHand, "suture": byHand, "fx": byHand, "dskit": byHand}}
	status = feature{"`/status`", map[string]string{
		"grouper": builtIn, "oklog": byHand, "errgroup": byHand, "suture": byHand, "fx": byHand, "dskit": byHand}}
	drain = feature{"drains", map[string]string{
		"grouper": builtIn, "oklog": byHand, "errgroup": byHand, "suture": byHand, "fx": byHand, "dskit": byHand}}
	deadline = feature{"a deadline that names the culprits", map[string]string{
		"grouper": builtIn, "oklog": byHand, "errgroup": byHand, "suture": byHand, "fx": byHand, "dskit": byHand}}
	secondSignal = feature{"a second signal ends it", map[string]string{
		"grouper": builtIn, "oklog": byHand, "errgroup": byHand, "suture": byHand, "fx": byHand, "dskit": byHand}}
)

var features = []feature{startOrder, stopOrder, failure, restart, logs, probes, status, drain, deadline, secondSignal}
