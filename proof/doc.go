// Package proof checks package grouper against its contract, docs/contract.md,
// by machine. It is a module of its own, so that its dependencies cost the users
// of the library nothing.
//
// A model says what users must see after each event. It is a sequential state
// machine that shares no code with the library (model_test.go). It includes the
// events of an observer, in their order where the rules set one
// (model_trail_test.go), and members in a Wrap that returns what it gets, runs
// it, or runs it once more (model_wrapped_test.go). A script is a group and a
// sequence of events (script_test.go), and a harness performs it on a library,
// observed or not, in a bubble of [testing/synctest] (harness_test.go). Whatever
// the model says, the observer's events must have the times that Inspect returns
// (recorder_test.go), and the order of cause and effect (order_test.go). These
// tests use them:
//
//   - TestExhaustively: every script of up to three members, to some depth,
//     compared with the model after each event
//   - TestSequences: long random scripts, compared in the same way
//   - TestSchedules: random bursts of events from several goroutines; for some
//     order of the events, the model must allow what was seen
//   - TestOriginal: random scripts on github.com/tedsuo/ifrit/grouper, where
//     each difference must be one that the contract lists
//   - FuzzScript and FuzzErrorTexts: fuzzed scripts, and fuzzed error traces
//   - TestReplay: one script, as a failure prints it
//
// The packages below this one are proofs of their own:
//
//   - original: each difference from the original, on both
//   - trees: random trees of groups
//   - crowds: very large groups
//   - inside: the member that holds up a tree is found
//   - endtoend: a whole program in a child process
//   - goget: a user of the library
//   - grpcserver: a grpc.Server with a stream under way, as a member
//   - browser: the page of package health, in a real browser
//
// Package libraries has the two libraries that the proofs run on.
package proof
