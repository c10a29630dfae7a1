// Package moving has one small service in five versions: with oklog/run, with
// errgroup, with suture, with fx, and with grouper. The guide docs/moving.md
// shows them, and the tests show that what it says of them is so.
package moving
