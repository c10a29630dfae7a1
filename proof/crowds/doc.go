// Package crowds runs groups of very many members. Each member has one
// goroutine, and the group has one more (G9, M1). It has tests only:
//
//	go test -v ./crowds -crowds.members=1000000
package crowds
