package benchmarks

import (
	"os"

	"github.com/tedsuo/ifrit"
)

// floorDynamic is a bare loop, with a goroutine and a ready watcher per task, and
// channels for the events.
type floorDynamic struct {
	capacity, buffer int
	inserts          chan ifrit.Runner
	closing          chan struct{}
	ready, exits     chan *floorTask
	entrances        []chan *floorTask // of the listeners
	exited           []chan *floorTask
}

type floorTask struct {
	floorMember
	place   int // in the list of running ones
	entered bool
	gone    chan struct{} // ends the watcher of one that was not ready
}

func newFloorDynamic(capacity, buffer int) *floorDynamic {
	return &floorDynamic{
		capacity: capacity,
		buffer:   buffer,
		inserts:  make(chan ifrit.Runner),
		closing:  make(chan struct{}),
		ready:    make(chan *floorTask),
		exits:    make(chan *floorTask),
	}
}

// Listeners are made before the group runs.
func (g *floorDynamic) EntranceListener() <-chan *floorTask { return g.listener(&g.entrances) }
func (g *floorDynamic) ExitListener() <-chan *floorTask     { return g.listener(&g.exited) }
func (g *floorDynamic) Inserter() chan<- ifrit.Runner       { return g.inserts }
func (g *floorDynamic) Close()                              { close(g.closing) }

// Get finds nothing: members of the floor have no names. See floorGet.
func (g *floorDynamic) Get(string) (ifrit.Process, bool) { return nil, false }

func (g *floorDynamic) listener(listeners *[]chan *floorTask) <-chan *floorTask {
	listener := make(chan *floorTask, g.buffer)
	*listeners = append(*listeners, listener)
	return listener
}

func (g *floorDynamic) Run(signals <-chan os.Signal, ready chan<- struct{}) error {
	close(ready)
	var running []*floorTask
	closing, closed := g.closing, false
	for !closed || len(running) > 0 {
		var inserts chan ifrit.Runner
		if !closed && len(running) < g.capacity {
			inserts = g.inserts
		}
		select {
		case runner := <-inserts:
			running = append(running, g.start(runner, len(running)))
		case t := <-g.ready:
			g.enter(t)
		case t := <-g.exits:
			running = g.leave(t, running)
		case signal := <-signals:
			closed = true
			for _, t := range running {
				t.signals <- signal
			}
		case <-closing:
			closing, closed = nil, true
		}
	}
	closeAll(g.entrances)
	closeAll(g.exited)
	return nil
}

func (g *floorDynamic) start(runner ifrit.Runner, place int) *floorTask {
	t := &floorTask{floorMember: newFloorMember(), place: place, gone: make(chan struct{})}
	go func() {
		_ = runner.Run(t.signals, t.floorMember.ready)
		g.exits <- t
	}()
	go g.watch(t)
	return t
}

func (g *floorDynamic) watch(t *floorTask) {
	select {
	case <-t.floorMember.ready:
		select {
		case g.ready <- t:
		case <-t.gone:
		}
	case <-t.gone:
	}
}

func (g *floorDynamic) enter(t *floorTask) {
	if !t.entered {
		t.entered = true
		sendAll(g.entrances, t)
	}
}

// leave takes a task off the list, in whose place the last one moves.
func (g *floorDynamic) leave(t *floorTask, running []*floorTask) []*floorTask {
	close(t.gone)
	g.enter(t)
	last := running[len(running)-1]
	running[t.place], last.place = last, t.place
	running[len(running)-1] = nil
	sendAll(g.exited, t)
	return running[:len(running)-1]
}

func sendAll(listeners []chan *floorTask, t *floorTask) {
	for _, listener := range listeners {
		listener <- t
	}
}

func closeAll(listeners []chan *floorTask) {
	for _, listener := range listeners {
		close(listener)
	}
}
