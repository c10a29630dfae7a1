// Package proof holds package grouper to its contract, docs/contract.md, by
// machine. It is a module of its own, so that what it
// needs costs the users of the library nothing.
//
// A model says what everybody must see after each event, as a sequential state
// machine that shares no code with the library (model_test.go). A script is a
// sequence of events for one group (script_test.go), and a stage performs it,
// in a bubble of [testing/synctest] (stage_test.go). On these stand:
//
//   - TestExhaustively: every script of up to three members, to some depth,
//     compared with the model after each event
//   - TestSchedules: random bursts of events from several goroutines at once,
//     of which the model must allow what was seen, for some order of them
//   - TestOriginal: the same scripts on github.com/tedsuo/ifrit/grouper, where
//     each difference must be one that the contract lists
//   - FuzzScript, FuzzSchedule and FuzzErrorTexts: the same from fuzzed bytes
//   - TestReplay: one script, as a failure prints it
//
// Packages trees and endtoend beside it run random trees of groups, and a
// whole program in a child process.
package proof
