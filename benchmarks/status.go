package benchmarks

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"sync"

	"github.com/seed-3b777528/grouper"
	"github.com/tedsuo/ifrit"
)

// A late observer keeps members from becoming ready.
type late struct {
	arriving sync.WaitGroup
	open     chan struct{}
}

func (l *late) Ready(int)   {}
func (l *late) Stopped(int) {}
func (l *late) Started(int) {
	l.arriving.Done()
	<-l.open
}

// statusOf reads a Status of a parallel group of n members that are all
// starting, and so all waited for.
func statusOf(read func(grouper.Status) int) func(int, Observer) Op {
	return func(n int, _ Observer) Op {
		l := &late{open: make(chan struct{})}
		l.arriving.Add(n)
		group := ourKit.parallel(ourKit.members(n, l))
		process := ifrit.Background(group)
		l.arriving.Wait()
		status, _ := grouper.Inspect(group)
		end := func() {
			close(l.open)
			<-process.Ready()
			process.Signal(os.Interrupt)
			await(process)
		}
		return Op{Units: 1, End: end, Start: func() func() {
			if found := read(status); found != n {
				panic(fmt.Sprintf("%d members instead of %d", found, n))
			}
			return func() {}
		}}
	}
}

// The following functions return how many members are in what they read.

func draw(status grouper.Status) int {
	return strings.Count(status.String(), "\n") - 1 // without the group's own line
}

func waitingFor(status grouper.Status) int { return len(status.WaitingFor()) }

func marshal(status grouper.Status) int {
	text, err := json.Marshal(status)
	must(err)
	return bytes.Count(text, []byte(`{"name":`))
}
