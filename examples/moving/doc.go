// Package moving has one small service in six versions: with oklog/run, with
// errgroup, with suture, with fx, with grafana/dskit, and with grouper. The guide
// docs/moving.md shows them, and the tests show that what it says of them is so.
package moving
