package grouper

// A watcher is a goroutine that waits for something while a Run goes on.
type watcher struct {
	stop  chan struct{} // closed when the Run has returned
	ended chan struct{}
}

func startWatcher(watch func(stop <-chan struct{})) *watcher {
	w := &watcher{make(chan struct{}), make(chan struct{})}
	go func() {
		defer close(w.ended)
		watch(w.stop)
	}()
	return w
}

// end returns when the watcher has ended.
func (w *watcher) end() {
	close(w.stop)
	<-w.ended
}

// watch starts a watcher that enters and posts the member's readiness when it
// comes.
func (p *process) watch() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.times.started == 0 || p.returned || p.extraLocked().watcher != nil || reportsReady(p.member.Runner) {
		return
	}
	p.extra.watcher = startWatcher(func(stop <-chan struct{}) {
		select {
		case <-p.ready:
			p.received(now())
			p.mailbox.post(p)
		case <-stop:
		}
	})
}

// stopWatchingLocked releases mu until the watcher has ended, and has entered
// what it received.
func (p *process) stopWatchingLocked() {
	p.returned = true
	if p.extra != nil && p.extra.watcher != nil {
		w := p.extra.watcher
		p.mu.Unlock()
		w.end()
		p.mu.Lock()
	}
}
