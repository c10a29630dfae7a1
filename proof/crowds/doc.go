// Package crowds runs groups of very many members, each of which has its own
// goroutine, and the group one more (G9, M1). It has tests only:
//
//	go test -v ./crowds -crowds.members=1000000
package crowds
