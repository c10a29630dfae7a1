package grouper

import (
	"strings"

	"github.com/tedsuo/ifrit"
)

// Find returns the process of the member that is running at a path below a group
// of any kind, even through [Wrap] and [Observe]. Paths are those of
// [Status.WaitingFor] and [Status.All]. Find reports false if no member is
// running there now.
//
// A signal to the process reaches that member alone: to reload it, or to stop
// it. What its exit does to the group is up to the group. If names contain
// slashes, a path may lead to several members; Find returns one of them.
//
// Find may be called from any goroutine. It does not block, and does not wait
// for a group's loop: a member that was inserted a moment ago may not be found
// yet.
func Find(runner ifrit.Runner, path string) (ifrit.Process, bool) {
	run, _ := inside(runner)
	if p := run.find(path); p != nil {
		return p, true
	}
	return nil, false
}

func (r *groupRun) find(path string) *process {
	if r == nil {
		return nil
	}
	for _, p := range r.members.candidates(path) {
		hosted, running := p.hosting()
		if len(path) == len(p.member.Name) {
			if running {
				return p
			}
			continue
		}
		if found := hosted.find(path[len(p.member.Name)+1:]); found != nil {
			return found
		}
	}
	return nil
}

// hosting returns the run of the group that the member hosts, and reports
// whether the member runs.
func (p *process) hosting() (hosted *groupRun, running bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.extra != nil {
		hosted = p.extra.hosted
	}
	return hosted, p.times.started != 0 && p.times.exited == 0
}

func (ps processes) candidates(path string) (found []*process) {
	for _, p := range ps {
		rest, begins := strings.CutPrefix(path, p.member.Name)
		if begins && (rest == "" || rest[0] == '/') {
			found = append(found, p)
		}
	}
	return found
}

func (c *dynamicClient) candidates(path string) (found []*process) {
	for end := range len(path) + 1 {
		if end == len(path) || strings.HasPrefix(path[end:], "/") {
			if p, _ := c.lookup(path[:end]); p != nil {
				found = append(found, p)
			}
		}
	}
	return found
}
