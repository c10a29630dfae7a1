package inside

import (
	"os"
	"path"
	"testing"
	"testing/synctest"

	"github.com/seed-3b777528/grouper"
	"github.com/tedsuo/ifrit"
)

// A part is a leaf of the tree. It has another goroutine besides the one that
// runs it. An open channel holds it up.
type part struct {
	connected, drained chan struct{}
	signaled           chan struct{} // closed when it is
}

func (p *part) Run(signals <-chan os.Signal, ready chan<- struct{}) error {
	done, left := make(chan struct{}), make(chan struct{})
	go serve(done, left)
	p.connect()
	close(ready)
	<-signals
	close(p.signaled)
	p.drain()
	close(done)
	<-left
	return nil
}

func serve(done <-chan struct{}, left chan<- struct{}) {
	<-done
	close(left)
}

func (p *part) connect() { <-p.connected }
func (p *part) drain()   { <-p.drained }

// A tree is the one of the package comment.
type tree struct {
	*testing.T
	root    ifrit.Runner
	tenants grouper.DynamicGroup
	acme    grouper.Member
	parts   map[string]*part
}

func newTree(t *testing.T) *tree {
	s := &tree{T: t, tenants: grouper.NewDynamic(os.Interrupt, 0, 0), parts: map[string]*part{}}
	api := grouper.NewOrdered(os.Interrupt, grouper.Members{s.leaf("servers/api/cache"), s.leaf("servers/api/http")})
	servers := grouper.NewParallel(os.Interrupt, grouper.Members{s.leaf("servers/health"), {Name: "api", Runner: api}})
	s.root = grouper.NewOrdered(os.Interrupt, grouper.Members{
		s.leaf("store"), {Name: "tenants", Runner: s.tenants}, {Name: "servers", Runner: servers}})
	s.acme = grouper.Member{Name: "acme", Runner: grouper.NewOrdered(os.Interrupt, grouper.Members{
		s.leaf("tenants/acme/feed"), s.leaf("tenants/acme/mail")})}
	return s
}

// leaf returns a member that nothing holds up.
func (s *tree) leaf(at string) grouper.Member {
	p := &part{make(chan struct{}), make(chan struct{}), make(chan struct{})}
	close(p.connected)
	close(p.drained)
	s.parts[at] = p
	return grouper.Member{Name: path.Base(at), Runner: p}
}

// wantWaitingFor checks which members hold up the root.
func (s *tree) wantWaitingFor(paths ...string) {
	s.Helper()
	status, _ := grouper.Inspect(s.root)
	wantEqual(s.T, "waits for", status.WaitingFor(), paths)
}

func (s *tree) wantDrawing(drawing string) {
	s.Helper()
	status, _ := grouper.Inspect(s.root)
	if got := "\n" + status.String(); got != drawing {
		s.Errorf("drawn is:%s\nwanted was:%s", got, drawing)
	}
}

// wantEnd waits for the end of a tree that is no longer held up.
func (s *tree) wantEnd(process ifrit.Process) {
	s.Helper()
	if err := <-process.Wait(); err != nil {
		s.Errorf("the tree exited with %v", err)
	}
	status, _ := grouper.Inspect(s.root)
	wantEqual(s.T, "ended as", []grouper.State{status.State}, []grouper.State{grouper.StateExited})
	s.wantWaitingFor()
	synctest.Wait() // the last goroutines may be on their last steps
	if labels := dump(s.T).labels(); len(labels) > 0 {
		s.Errorf("goroutines are left of %v", labels)
	}
}
